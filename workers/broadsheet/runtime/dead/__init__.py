"""Dead letters: read, and given back to their topic."""
