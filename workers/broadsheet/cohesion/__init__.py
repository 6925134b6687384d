"""Words that come again: tokens, lexicon, lines, signs, windows."""
