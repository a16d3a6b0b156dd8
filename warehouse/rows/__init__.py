"""Rows that are known already: readings and copies of distinct texts, and what differs between two states of a table."""
