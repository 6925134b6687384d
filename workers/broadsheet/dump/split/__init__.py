"""Where a dump's stories begin."""
