"""Places named in texts."""
