"""What scores rest on and how good they are: what is known at a moment, labels, the stage that scores, yardsticks."""
