"""What a page's head says: JSON-LD, site, dates."""
