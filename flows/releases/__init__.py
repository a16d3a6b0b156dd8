"""How a list leaves the house: published, taken back, copied out, and who took a copy."""
