"""The feed server against a real broker, over real HTTP, in a real browser."""
