"""How contacts are hidden: broken up, spelt out, in pieces, changed by a note to the reader."""
