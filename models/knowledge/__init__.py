"""What is known before anything is learned: who is scored, rules weighed against each other, complaints, evidence."""
