"""How Chinese is written: characters in every costume, numerals, digits, pinyin, place names."""
