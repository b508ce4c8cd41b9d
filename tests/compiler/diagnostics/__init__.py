"""Tests of the diagnostics: codes, sink, rendering."""
