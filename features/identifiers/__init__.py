"""Readers of contacts as they are written: behind lead-ins and without, by kind."""
