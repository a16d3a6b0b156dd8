"""The watchlist: which entries are listed, and a release of them in each format."""
