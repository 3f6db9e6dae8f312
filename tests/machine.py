"""What tests need of the machine beside Python: browsers, LibreOffice, PostgreSQL, nginx."""

import ctypes
import os
import shutil
from pathlib import Path

import pytest

#: The browser, and the library that its driver is linked with.
BROWSER = ("chromium", "libatomic.so.1")
OFFICE = ("soffice",)
PROXY = ("nginx",)
POSTGRESQL = ("initdb", "pg_ctl")
PDF = ("soffice", "pdftotext", "pdftoppm")


def require(*names):
    """Skip the test where a program or a shared library of these is missing; in CI it fails, for nothing may be left out there."""
    missing = [name for name in names if not _is_there(name)]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{', '.join(missing)} is missing: run tests/system-packages.sh", pytrace=False)
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


def find(name):
    """Return the path of a program, also where only administrators or PostgreSQL itself look for it; None where there is none."""
    program = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return program or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None
    )


def _is_there(name):
    if ".so" not in name:
        return find(name) is not None
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
