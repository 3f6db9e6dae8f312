"""``xuezheng health``: report whether the system works at the moment, for systemd, containers and monitoring."""

import argparse

from xuezheng.cli.shared import OUT, add_json, print_json
from xuezheng.operations.health import wait_for_health


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng health`` to ``parser``."""
    add_json(parser)
    parser.add_argument(
        "--wait", type=float, default=0, metavar="秒", help="不正常时最多等多少秒再下结论，供启动时使用"
    )


def run(options: argparse.Namespace) -> int:
    """Print what does not work at the moment; with ``--wait``, wait some seconds for everything to work.

    Returns 0 where everything works, else 1.
    """
    health = wait_for_health(options.wait)
    if options.json:
        print_json({"status": "ok" if health.is_sound else "failing", **health._asdict()})
    elif health.is_sound:
        OUT.print("正常：数据库、磁盘、后台进程。")
    else:
        for sentence in health.problems():
            OUT.print(sentence, style="red")
    return 0 if health.is_sound else 1
