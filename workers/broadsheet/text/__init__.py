"""What any text tells: words, dates, addresses, furniture, credits, names, refusals."""
