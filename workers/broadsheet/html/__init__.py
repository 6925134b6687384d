"""HTML pages: scanned, split into stories, read, refused where they hold none."""
