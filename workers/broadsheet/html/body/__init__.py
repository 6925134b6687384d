"""Which blocks are a story's text, what they are, and what is trimmed from its ends."""
