"""The lookup over HTTP."""
