"""The tags of a workspace: how well they are suggested, versions of what was learned, people's yes and no."""
