"""The steps of the reading workers, one file each: a step computes, its outcome's `store` writes under the fence."""
