"""Running sources under CPython with the language's integer widths: the checker's implicit conversions are written
into CPython's own tree."""
