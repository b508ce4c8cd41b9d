"""Numbers shared by kernel and programs: system calls, error numbers, limits. Linux's, so one binary runs on both."""
