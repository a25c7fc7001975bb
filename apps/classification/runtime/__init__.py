"""Model runtime: the only place that loads torch and transformers, and only when an encoder is loaded."""
