"""What the wording of texts tells: words and runs of characters, weighed and in bursts."""
