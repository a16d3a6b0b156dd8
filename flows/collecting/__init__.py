"""What comes in: crawls, drop folders, imports, saved answers, the archive read again, and how each source did."""
