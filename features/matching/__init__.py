"""What of a vocabulary stands in texts: patterns of words, over one text and over many at once."""
