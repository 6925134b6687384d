"""How each kind of several stories is read."""
