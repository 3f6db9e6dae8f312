"""``xuezheng work``: run the worker for background jobs. ``xuezheng serve`` starts one automatically."""

import argparse
import sys

from xuezheng.cli.shared import OUT, prepare_database
from xuezheng.jobs.worker import Worker


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng work`` to ``parser``."""
    parser.add_argument("--once", action="store_true", help="做完等待的任务就结束")
    parser.add_argument("--attached", action="store_true", help="标准输入关闭时结束，由启动它的程序使用")


def run(options: argparse.Namespace) -> int:
    """Run background jobs until stopped; with ``--once``, until none is waiting or running. Returns 0."""
    prepare_database()
    if not options.attached:
        OUT.print("后台任务进程已启动（按Ctrl+C停止）")
    Worker(end=sys.stdin.fileno() if options.attached else None).run(forever=not options.once)
    return 0
