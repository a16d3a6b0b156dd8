"""The stage that reads: new texts by all processors, their families, the second look, and one text for a person."""
