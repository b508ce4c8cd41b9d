"""Numbers and structures shared by kernel and programs."""
