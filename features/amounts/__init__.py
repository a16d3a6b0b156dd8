"""How much: sums of money in every notation."""
