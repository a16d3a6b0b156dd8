"""Learning and scoring: labels, the LightGBM bundle, scores with reasons, cases."""
