"""An embedded file is named on the command line."""
# mypy: accepts (a rule of the build)

from runtime.lang import embedded_file

logo = embedded_file("logo")  # error: E0337 "embedded_file("logo")"
