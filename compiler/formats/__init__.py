"""External binary layouts as nouns: constants, structures and specification sections; no behaviour above them."""
