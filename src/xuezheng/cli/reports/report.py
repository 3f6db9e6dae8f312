"""``xuezheng report``: write a report as a Word file."""

import argparse
from pathlib import Path

from xuezheng.cli.shared import OUT, add_snapshot, question
from xuezheng.figures import catalogue, coverage
from xuezheng.reports.compose import compose
from xuezheng.reports.releases.additions import additions
from xuezheng.reports.word import document, letterhead
from xuezheng.reports.word.document import Sources

SOURCES = {"附件": Sources.APPENDIX, "批注": Sources.COMMENTS, "不显示": Sources.NONE}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng report`` to ``parser``."""
    parser.add_argument("template", metavar="报告", help="如 half_year（半年工作报告）")
    parser.add_argument("--period", required=True, metavar="时期", help="如 2019H1")
    add_snapshot(parser)
    parser.add_argument(
        "--sources",
        choices=SOURCES,
        default="不显示",
        metavar="出处",
        help="数字的出处放在哪里：不显示（默认，仍可核对和刷新）、附件、批注",
    )
    parser.add_argument(
        "--head",
        type=Path,
        metavar="文件",
        help="文头（发文字号、主送、抄送等，YAML），按党政机关公文格式排版；不给则是内部稿",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="文件", help="默认以报告和时期命名")


def run(options: argparse.Namespace) -> int:
    """Compose a report for a period, write it as a Word file, and print which figures have no data and what was left out.

    Returns 0.
    """
    head = letterhead.read(options.head) if options.head else None
    snapshot, period = question(options)
    path = options.output or Path(f"{options.template}_{period.key}.docx")
    report = compose(options.template, snapshot, period, head, additions(options.template, period))
    document.write_report(report, path, SOURCES[options.sources])
    OUT.print(f"报告已写到{path}：{len(report.marks)}个数，快照{snapshot.id}")
    if report.gaps:
        labels = "、".join(dict.fromkeys(gap.label for gap in report.gaps))
        OUT.print(f"下列指标在{period.label}没有数据，相关句子未写入：{labels}。")
    if report.evidence.left_out:
        OUT.print(
            f"没有写入的句子{len(report.evidence.left_out)}句，没有记录作依据的本局文字{len(report.evidence.own_words)}句。"
        )
    if covered := coverage(snapshot, (catalogue.figure(mark.figure) for mark in report.marks), period):
        OUT.print(str(covered), style="yellow")
    if report.unused_topics:
        OUT.print(
            f"选定写入报告、但报告没有这个栏目的工作纪实：{'、'.join(report.unused_topics)}。请核对栏目名称。"
        )
    return 0
