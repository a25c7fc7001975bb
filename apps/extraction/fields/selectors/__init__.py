"""Reading values, schemas and what is known of layouts."""
