"""Scripts that open files of others, each in a process of its own that may be lost: they know nothing of the registers.

Each runs within limits (:func:`xuezheng.core.child_process.run_limited`). They import as little as can be, since they start
for every file.
"""

from pathlib import Path

READ = Path(__file__).with_name("read.py")
SEPARATED = Path(__file__).with_name("separated.py")
MARK = Path(__file__).with_name("mark.py")
