"""Whether a page holds an article at all: the decision, rules, forums."""
