"""One crawl: its job, its spider, the hosts that it meets, the records that it wants."""
