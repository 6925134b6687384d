"""Text dumps: lines, cuts between stories, each story's head and body."""
