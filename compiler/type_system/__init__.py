"""The type language: what the checker says about values. A noun: it imports the syntax nouns and diagnostics only."""
