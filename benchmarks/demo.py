"""The demonstration district from nothing, as a user starts it: write, import, freeze, check, report."""

import subprocess
import sys

from benchmarks.child import Clock
from xuezheng.home import home


def whole(clock: Clock) -> None:
    """``xuezheng demo``."""
    with clock():
        xuezheng("demo")


def report(clock: Clock) -> None:
    """``xuezheng report half_year``."""
    with clock():
        xuezheng("report", "half_year", "--period", "2019H1", "-o", str(home() / "report.docx"))


def xuezheng(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "xuezheng", *words], check=True, stdout=subprocess.DEVNULL)
