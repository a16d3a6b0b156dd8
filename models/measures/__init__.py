"""How far figures may be trusted: calibration, coverage of intervals, metrics by slice."""
