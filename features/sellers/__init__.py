"""From posts to sellers: flags and figures, names, and whom complaints mean."""
