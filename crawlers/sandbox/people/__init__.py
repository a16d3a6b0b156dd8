"""Who is in a market: accounts, rings, lone sellers, everybody else, and their contacts and companies."""
