"""The snapshot's file: its tables, made whole, by difference, or amended in a few of them."""
