"""Files that people drop: opened, told apart, unpacked, cut into answers and records."""
