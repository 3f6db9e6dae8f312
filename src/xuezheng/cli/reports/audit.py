"""``xuezheng audit``: check the arithmetic of any report, and match its numbers to figures."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, add_snapshot, print_json, question
from xuezheng.core.periods import PeriodError
from xuezheng.proofing import Audit, audit, read
from xuezheng.reports.living.adopt import Adopted, adopt
from xuezheng.reports.living.matching import Match, Sureness, match


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng audit`` to ``parser``."""
    parser.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="文件",
        help="任何 .docx、.xlsx、.txt、.md 或 .html 文件，装有LibreOffice时也可以是 .doc、.wps、.odt、.rtf，可以有几份",
    )
    parser.add_argument(
        "--period", metavar="时期", help="再把正文中的数与该时期的指标对应，如 2019H1；不写只核数"
    )
    parser.add_argument(
        "--adopt",
        type=Path,
        metavar="新文件",
        help="纳入管理：把与指标对应的数做成标记，写到新文件，以后可刷新和核对；文字不变，只能给一份文件",
    )
    parser.add_argument("--likely", action="store_true", help="纳入管理时，把握为“很可能”的也做成标记")
    add_snapshot(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Audit the files, and with ``--period`` match their numbers to figures; print the results.

    Returns 1 where there is any discrepancy, else 0. Raises ``PeriodError`` for ``--adopt`` without a period
    or with several files.
    """
    if options.adopt and not options.period:
        raise PeriodError("纳入管理需要知道报告说的是哪个时期：请加上 --period，如 --period 2019H1。")
    if options.adopt and len(options.files) > 1:
        raise PeriodError("纳入管理一次只能给一份文件。")
    results = [_audit(file, options) for file in options.files]
    if options.json:
        print_json([result.as_object() for result in results])
    else:
        for result in results:
            _print(result, options)
    return 1 if any(result.audit.discrepancies for result in results) else 0


@dataclass(frozen=True)
class _Result:
    """What the audit of a file said, and the figures that its numbers match, if a period was given."""

    file: Path
    audit: Audit
    matches: Sequence[Match]
    adopted: Adopted | None

    def as_object(self) -> dict[str, object]:
        """Return a JSON-serializable dict of the fields."""
        return {
            "file": str(self.file),
            "findings": [discrepancy.as_object() for discrepancy in self.audit.discrepancies],
            "coverage": self.audit.coverage.as_object(),
            "matches": [match.as_object() for match in self.matches],
            **(self.adopted.as_object() if self.adopted else {}),
        }


def _audit(file: Path, options: argparse.Namespace) -> _Result:
    source = read(file)
    least = Sureness.LIKELY if options.likely else Sureness.SURE
    adopted = adopt(file, *question(options), least) if options.adopt else None
    if adopted:
        adopted.save(options.adopt)
    matches = match(source.paragraphs, *question(options)) if options.period and not adopted else []
    return _Result(file, audit(source), matches, adopted)


def _print(result: _Result, options: argparse.Namespace) -> None:
    _print_discrepancies(result.file, result.audit)
    if result.adopted:
        _print_adopted(options.adopt, result.adopted)
    elif options.period:
        _print_matches(result.matches)


def _print_discrepancies(file: Path, audit: Audit) -> None:
    if audit.discrepancies:
        OUT.print(f"{file}：发现{len(audit.discrepancies)}处数字对不上。", style="red")
    else:
        OUT.print(f"{file}：核对过的关系里没有发现对不上的数。", markup=False)
    for discrepancy in audit.discrepancies:
        OUT.print(
            f"- {discrepancy.certainty.value}：{discrepancy.message}\n  {discrepancy.where}", markup=False
        )
    OUT.print(f"  {audit.coverage.describe()}", markup=False)


def _print_adopted(file: Path, adopted: Adopted) -> None:
    OUT.print(f"已纳入管理{len(adopted.marks)}个数，写到{file}。", markup=False)
    if adopted.left:
        OUT.print(f"下列{len(adopted.left)}个数没有纳入管理，仍是普通文字：")
        for left in adopted.left:
            OUT.print(f"- {left.text}：{left.reason}", markup=False)


def _print_matches(matches: Sequence[Match]) -> None:
    known = [each for each in matches if each.sureness]
    OUT.print(f"正文中有{len(matches)}个数，其中{len(known)}个与指标对应：")
    table = Table("数", "指标", "名称", "部分", "把握", box=None)
    for each in known:
        answer = each.candidates[0].answer
        sure = each.sureness.value if each.sureness else ""
        table.add_row(each.token.text, answer.label, answer.figure, answer.slice_label, sure)
    OUT.print(table)
    if others := [each.token.text for each in matches if not each.sureness]:
        OUT.print(f"没有找到对应指标的数：{'、'.join(others)}。", markup=False)
