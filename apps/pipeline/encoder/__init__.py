"""The steps of the encoder worker: the only part of the pipeline that reaches torch."""
