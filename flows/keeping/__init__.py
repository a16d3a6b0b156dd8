"""What a home keeps, in one file and for how long, and what it forgets: archive, backup, erasure."""
