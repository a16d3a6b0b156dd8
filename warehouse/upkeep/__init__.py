"""Rows over the years: dumped, restated, retired, erased."""
