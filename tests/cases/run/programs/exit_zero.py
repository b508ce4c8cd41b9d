"""sys.exit without an argument, finally on the way."""

import sys


def run() -> None:
    try:
        sys.exit()
    finally:
        print("cleaned")


run()
