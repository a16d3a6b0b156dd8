"""Where a seller stands among others: its ring, its neighbours, its company."""
