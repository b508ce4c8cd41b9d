"""The usual main function."""

import sys


def main() -> int:
    print("main", __name__)
    return 5


if __name__ == "__main__":
    sys.exit(main())
