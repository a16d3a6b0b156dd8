"""What sums are for: entry fee, price, promised income, loss, or something else."""
