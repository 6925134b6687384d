"""Pages made to hurt, by their kinds: patterns, places, and structures that grow."""
