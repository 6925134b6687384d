"""What a worker tells of itself, and what notices that it makes no progress."""
