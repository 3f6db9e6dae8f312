"""``xuezheng keys``: check the keys, or replace them."""

import argparse

from xuezheng.cli.shared import OUT, add_json, print_json, progress_shown
from xuezheng.operations.key_rotation import check_keys, rotate_keys


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng keys`` to ``parser``."""
    steps = parser.add_subparsers(dest="step", metavar="<做什么>", required=True, title="做什么")
    check = steps.add_parser(
        "check", help="试解密各列，核对索引", description="试解密各列，核对索引。不作改动。"
    )
    check.add_argument("--all", action="store_true", help="逐条核对，默认每列核对最新的1000条")
    add_json(check)
    rotate = steps.add_parser("rotate", help="更换密钥", description="更换加密密钥和索引密钥，全部重新加密。")
    rotate.add_argument("--sessions", action="store_true", help="同时更换会话密钥，所有人须重新登录")


def run(options: argparse.Namespace) -> int:
    """Check the keys against the stored values, or replace them.

    Returns 1 where stored values do not match the keys, else 0.
    """
    return _check(options) if options.step == "check" else _rotate(options)


def _check(options: argparse.Namespace) -> int:
    with progress_shown() as progress:
        findings = check_keys(None if options.all else 1000, progress)
    if options.json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            OUT.print(
                f"✗ {finding.table}.{finding.column}：{finding.values}条中有{finding.wrong}条与密钥不符",
                style="red",
            )
        OUT.print(
            "请从备份恢复，或运行“xuezheng doctor”查看。"
            if findings
            else "密钥完好：加密的各列都能读出，索引都相符。"
        )
    return 1 if findings else 0


def _rotate(options: argparse.Namespace) -> int:
    with progress_shown() as progress:
        counted = rotate_keys(sessions=options.sessions, progress=progress)
    OUT.print(
        f"已更换密钥：重新加密{counted.values:,}项，重算索引{counted.hashes:,}项。以前的备份仍须用它们自己的口令和密钥恢复；请现在作一次新的备份。"
    )
    if counted.without_rows:
        OUT.print(
            f"有{counted.without_rows}项名单比对的决定，其名单已不在系统中，以后再收到同样的名单须重新决定。"
        )
    return 0
