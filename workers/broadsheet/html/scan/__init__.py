"""A page as a tree of elements and blocks, and what names and places around them tell."""
