"""A module is found when the program is compiled."""

import sys_that_is_missing  # error: E0202 "sys_that_is_missing"
