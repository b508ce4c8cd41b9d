"""Stage 4: the typed tree becomes the language in between, built as if nothing could fail and nobody counted."""
