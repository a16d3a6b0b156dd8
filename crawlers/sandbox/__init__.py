"""Invented markets and the platforms that serve them over loopback."""
