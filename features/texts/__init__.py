"""Texts as wholes: documents made ready, read in slices, counted."""
