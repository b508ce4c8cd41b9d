"""Tracebacks name the files of other modules and packages."""

import work.deep

print("start")
work.deep.Worker().run(0)
