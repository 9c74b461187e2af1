"""Cells: what one scan of each large table gives, kept for the next question."""
