"""What tests need of the machine beside Python: browsers, LibreOffice, PostgreSQL."""

import ctypes
import os
import shutil

import pytest

#: The browser, and the library that its driver is linked with.
BROWSER = ("chromium", "libatomic.so.1")
OFFICE = ("soffice",)
PDF = ("soffice", "pdftotext", "pdftoppm")


def require(*names):
    """Skip the test where a program or a shared library of these is missing; in CI it fails, for nothing may be left out there."""
    missing = [name for name in names if not _is_there(name)]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{', '.join(missing)} is missing: run tests/system-packages.sh", pytrace=False)
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


def _is_there(name):
    if ".so" not in name:
        return shutil.which(name) is not None
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
