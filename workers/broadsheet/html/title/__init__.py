"""A story's title: candidates, their features, the choice, rules."""
