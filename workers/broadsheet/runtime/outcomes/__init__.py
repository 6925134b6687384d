"""The word back: what became of pages, read and counted by site."""
