"""The examination of an installation (``xuezheng doctor``): each check examines one subject and reports findings with remedies.

A check is declared with :func:`~xuezheng.operations.doctor.check.check` in ``doctor.py`` of a package or an
area; those of the installation itself are in this package, in the order in which they run.
"""

from xuezheng.operations.doctor.folder import clock, data_folder, disk, leftovers  # isort: skip
from xuezheng.operations.doctor.secrets import keys  # isort: skip
from xuezheng.operations.doctor.database import batches, form, integrity  # isort: skip
from xuezheng.operations.doctor.chain import chain  # isort: skip
from xuezheng.operations.doctor.frozen import answers, policies, released, snapshots  # isort: skip

__all__ = [
    "answers",
    "batches",
    "chain",
    "clock",
    "data_folder",
    "disk",
    "form",
    "integrity",
    "keys",
    "leftovers",
    "policies",
    "released",
    "snapshots",
]
