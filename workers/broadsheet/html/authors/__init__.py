"""A story's authors: candidates, their features, the choice, rules."""
