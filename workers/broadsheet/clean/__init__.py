"""What is told from a block's own text: tidying, words, furniture lines, credits. Language-neutral where it can be."""
