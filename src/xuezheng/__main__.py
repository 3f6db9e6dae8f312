"""``python -m xuezheng``."""

import sys

from xuezheng.cli import main

if __name__ == "__main__":
    sys.exit(main())
