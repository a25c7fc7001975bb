"""Reading documents once more beside their present readings: what differs, and promoting or discarding the new one."""
