"""Who speaks and what the words do: voices, cues, turns of phrase."""
