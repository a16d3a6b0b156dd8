"""What a run is held against: bounds of figures, and what must never be true of tables."""
