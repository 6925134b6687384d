"""Where further stories of a page begin: learned cuts, containers named so, entries of live blogs."""
