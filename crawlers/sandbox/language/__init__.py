"""What is written: grammar, vocabulary, clauses of each kind of speaker, sums, disguises, versions of one text."""
