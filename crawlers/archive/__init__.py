"""Answers as they are kept: rid of secrets and private persons, erased one by one, read again."""
