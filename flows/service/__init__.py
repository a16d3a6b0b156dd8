"""Whom a contact belongs to, for whoever asks: the index of each release, the reader of questions, the command line and the web."""
