"""Kills an export, an upload, a preview, a freeze and a check with ``kill -9``, and tells where names of people then lie.

Each act is a process of its own, as with the imports (``tests/intake/kills.py``). Whatever calls for a temporary file without saying
where would find the folder of the environment, which is scanned as well.
"""

import io
import json
import os
import sys
import zipfile
from pathlib import Path

from tests.intake.kills import Point, fail_at, in_a_child, load, prepare, start

CANARY = "众生"
POINTS = {
    "export": Point("", "", "xuezheng.web.ui.file_transfer:note", "before"),
    "export half written": Point("", "", "xlsxwriter.workbook:Workbook.close", "before"),
    "received": Point("", "", "xuezheng.intake.uploads:write_whole", "before"),
    "preview": Point("", "", "xuezheng.intake.importing:read_workbook"),
    "marking": Point("", "", "xuezheng.intake.marking:run_limited", "before"),
    "freeze": Point("", "", "xuezheng.snapshots.freeze:digest_of", "before"),
    "check": Point("", "", "xuezheng.web.report_checks:read", "before"),
    "uploading": Point("", "", "xuezheng.web.intake.start:WorkbooksForm.is_valid", "before"),
}


def _client():
    from django.test import Client

    from xuezheng.records.models import User

    client = Client()
    client.force_login(User.objects.get())
    return client


def _file(path: Path, padded: int = 0):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("改.xlsx", path.read_bytes() + b"\0" * padded)


def _export(path: Path) -> None:
    _client().post("/registers/pupil/export/", {"all": "1"})


def _upload(path: Path) -> None:
    _client().post("/intake/", {"file": _file(path)})


def _upload_much(path: Path) -> None:
    _client().post("/intake/", {"file": _file(path, padded=4 * 2**20)})


def _mark(path: Path) -> None:
    from xuezheng.intake.uploads import Upload
    from xuezheng.records.models import User

    user = User.objects.get()
    upload = Upload.receive(path.read_bytes(), "改.xlsx", user)
    upload.keep_marked(user, lambda *report: None)


def _freeze(path: Path) -> None:
    from xuezheng.snapshots import freeze

    freeze()


def _check(path: Path) -> None:
    from xuezheng.jobs.attachments import Attachment
    from xuezheng.records.models import User
    from xuezheng.web.report_checks import audit_file

    user = User.objects.get()
    attachment = Attachment.create(user, "x.txt", f"{CANARY}1等3人".encode())
    audit_file.at_once(user, token=attachment.token)


ACTS = {
    "export": _export, "export half written": _export, "received": _upload, "preview": _upload, "marking": _mark,
    "freeze": _freeze, "check": _check, "uploading": _upload_much,
}  # fmt: skip


def _work(name: str, path: Path) -> None:
    from django.conf import settings

    from xuezheng.core.temporary_files import keep_temporary_files_home

    settings.ALLOWED_HOSTS.append("testserver")
    keep_temporary_files_home()
    fail_at(POINTS[name])
    ACTS[name](path)


def _tells(content: bytes) -> bool:
    """Whether a file tells of a person: in its text, or in the parts of a workbook."""
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                content = b"".join(map(package.read, package.namelist()))
        except (zipfile.BadZipFile, OSError):
            return True
    return CANARY.encode() in content


def _lying(*folders: Path) -> list[str]:
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("xuezheng.sqlite3") and _tells(path.read_bytes())
    ]


def _drafts(home: Path) -> list[str]:
    """The hidden files beside the snapshots, but for the mark of the installation to which they belong."""
    from xuezheng.operations.identity import MARKER

    return [path.name for path in (home / "snapshots").glob(".*") if path.name != MARKER]


def _sweep() -> None:
    from xuezheng.core.data_folder import home
    from xuezheng.operations.cleanup import sweep

    for path in (home() / "snapshots").rglob("*") if (home() / "snapshots").is_dir() else ():
        os.utime(path, (0, 0))
    for path in (home() / "snapshots").glob("*"):
        os.utime(path, (0, 0))
    sweep()


def main() -> None:
    """``temporaries.py FOLDER``: print for each act whether it was killed, and where names lie before and after a sweep."""
    import django

    django.setup()
    load()
    folder, home, system = Path(sys.argv[1]), Path(os.environ["XUEZHENG_HOME"]), Path(os.environ["TMPDIR"])
    in_a_child(prepare, folder)
    for name in ACTS:
        _, status = os.waitpid(start(_work, name, folder / "改.xlsx"), 0)
        before = _lying(home, system)
        in_a_child(_sweep)
        left = [path.name for path in (home / "temporary").iterdir()]
        seen = {
            "killed": os.WIFSIGNALED(status),
            "before": [path for path in before if not path.startswith(str(home / "temporary"))],
            "after": _lying(home, system),
            "left": left + _drafts(home),
            "system": [path.name for path in system.rglob("*")],
        }
        print(json.dumps([name, seen]), flush=True)


if __name__ == "__main__":
    main()
