"""What is added to a story: language, site, agencies, dateline, counts, hashes. Each module one field or two."""
