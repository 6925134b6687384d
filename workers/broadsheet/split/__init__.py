"""Where one story of a page ends and the next begins."""
