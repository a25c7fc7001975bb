"""The steps of the reading workers, one file each. A step computes; `Outcome.store` writes inside the fenced transaction."""
