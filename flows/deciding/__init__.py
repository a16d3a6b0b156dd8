"""What people decide: filed in the inbox, carried into the database, told to whom it concerns."""
