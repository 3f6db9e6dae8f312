"""The demonstration district from nothing, as a user starts it: write, import, freeze, check, report."""

import subprocess
import sys

from benchmarks.child import Clock
from xuezheng.core.data_folder import home


def whole(clock: Clock) -> None:
    """``xuezheng demo``."""
    with clock():
        xuezheng("demo")


def report(clock: Clock) -> None:
    """``xuezheng report half_year``."""
    with clock():
        xuezheng("report", "half_year", "--period", "2019H1", "-o", str(home() / "report.docx"))


def refresh(clock: Clock) -> None:
    """``xuezheng refresh`` of the report for the second half-year."""
    _composed()
    with clock():
        xuezheng("refresh", str(home() / "report.docx"), "--period", "2019H2", "-o", str(home() / "new.docx"))


def verify(clock: Clock) -> None:
    """``xuezheng verify`` against the report's own snapshot."""
    _composed()
    with clock():
        xuezheng("verify", str(home() / "report.docx"), "--snapshot-only")


def audit(clock: Clock) -> None:
    """``xuezheng audit`` of the same file."""
    _composed()
    with clock():
        xuezheng("audit", str(home() / "report.docx"))


def _composed() -> None:
    """Compose the report, unless a run before has."""
    if not (home() / "report.docx").exists():
        xuezheng("report", "half_year", "--period", "2019H1", "-o", str(home() / "report.docx"))


def xuezheng(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "xuezheng", *words], check=words[0] != "audit", stdout=subprocess.DEVNULL
    )
