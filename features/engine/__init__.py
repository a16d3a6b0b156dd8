"""Machinery of reading: compiled loops, compiled expressions and where they can match, words by the thousand, what is kept on disk."""
