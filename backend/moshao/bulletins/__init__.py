"""周通报: what a week, month, quarter or day amounts to, put into words, numbered, published, kept as it was."""
