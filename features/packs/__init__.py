"""Packs: what is known of each scheme, as data, and how its rules are read."""
