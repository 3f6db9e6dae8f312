"""Scripts that open uploaded files, each in an expendable process of its own without access to the registers.

Each runs within limits (:func:`xuezheng.core.child_process.run_limited`). They import as little as possible, since they start for every file.
"""

from pathlib import Path

READ = Path(__file__).with_name("read.py")
MARKUP = Path(__file__).with_name("markup.py")
SEPARATED = Path(__file__).with_name("separated.py")
MARK = Path(__file__).with_name("mark.py")
