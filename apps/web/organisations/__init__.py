"""Companies, authorities and clubs that documents name: finding, renaming and merging them."""
