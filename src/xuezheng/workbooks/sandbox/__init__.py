"""Scripts that open uploaded files, each in a short-lived process of its own without access to the registers.

They run within limits of memory and time (:func:`xuezheng.core.child_process.run_limited`) and import as
little as possible, since one starts for every file.
"""

from pathlib import Path

READ = Path(__file__).with_name("read.py")
MARKUP = Path(__file__).with_name("markup.py")
SEPARATED = Path(__file__).with_name("separated.py")
MARK = Path(__file__).with_name("mark.py")
