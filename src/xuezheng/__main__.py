"""``python -m xuezheng``."""

import sys

from xuezheng.commands import main

if __name__ == "__main__":
    sys.exit(main())
