"""The frame of a night: its lock, its stages, its place in the queue for processors, the API that it reports to."""
