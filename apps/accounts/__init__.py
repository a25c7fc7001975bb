"""People, workspaces, roles and API tokens."""
