"""Learned parts as data files, each with its card: what it was trained on and what it was measured to do."""
