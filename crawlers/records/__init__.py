"""The parts of the import record: fields, readers of values and times, vendors' columns and cells."""
