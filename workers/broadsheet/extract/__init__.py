"""Stories out of a page: the HTML engine, the dump engine, metadata, and the refusal of pages with no article."""
