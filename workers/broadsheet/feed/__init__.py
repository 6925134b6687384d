"""The feed server and its page."""
