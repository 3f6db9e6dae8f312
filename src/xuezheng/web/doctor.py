"""The check of ``xuezheng doctor`` that the static files of the pages are complete."""

from __future__ import annotations

from xuezheng.operations.doctor.check import Notes, check
from xuezheng.web.assets import bundle


@check("界面文件")
def assets(notes: Notes) -> str:
    """Check that the static files of the JavaScript libraries match the lock file.

    Returns a Chinese summary; a problem is added to ``notes``.
    """
    if not bundle.is_current():
        notes.find(
            "缺少网页的样式和脚本文件，或与本版本不符，网页将无法正常显示。请重新安装程序（从源代码运行的，用“make demo”准备）。"
        )
    return f"{len(bundle.FILES)}个文件齐全。"
