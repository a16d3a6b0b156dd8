"""What is copied: near-duplicate texts and pictures, how rare they are, who took them from whom."""
