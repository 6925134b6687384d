"""Pages into blocks: one front end for dumps (`dump`), one for HTML (`tree`)."""
