"""``xuezheng import``: import workbooks into the registers."""

import argparse
from pathlib import Path
from typing import Any

from rich.markup import escape

from xuezheng.cli.shared import OUT, add_json, prepare_database, print_json, progress_shown
from xuezheng.intake import Outcome, import_workbook, write_marked
from xuezheng.intake.expectations.findings import SHORTEST
from xuezheng.workbooks import Problem, WorkbookRefused
from xuezheng.workbooks.problems import problem_kinds

#: So many problems of one kind are printed one by one.
_FEW = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng import`` to ``parser``."""
    parser.add_argument("files", nargs="+", type=Path, metavar="文件", help="按模板填写的工作簿或.csv")
    parser.add_argument("--confirm", action="store_true", help="已核对并接受“须经确认”的读法")
    parser.add_argument(
        "--explain",
        default="",
        metavar="说明",
        help="为什么与上期或同类学校相差较大：须说明的数都记下这条说明",
    )
    parser.add_argument(
        "--plan", metavar="时期", help="不导入，只看导入会改变该时期的哪些指标、报告语句和计划目标，如 2019H2"
    )
    parser.add_argument(
        "--marked", type=Path, metavar="标注.xlsx", help="有问题时，把原文件标出问题另存于此（只限一个文件）"
    )
    parser.add_argument(
        "--map",
        metavar="auto|表名",
        help="来源不是系统的模板时，提出各列与模板的对应关系：auto由系统找最相近的表，或写表名",
    )
    parser.add_argument("--preview", action="store_true", help="只看对应关系，什么也不写入（与--map一起用）")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Import each file and print the outcome; a file is imported completely or not at all.

    Returns 1 where any file was refused or the options contradict each other, else 0.
    """
    if options.marked and len(options.files) > 1:
        OUT.print("--marked只能和一个文件一起用。请逐个导入。", style="red")
        return 1
    if options.preview != bool(options.map):
        OUT.print("--map要和--preview一起用：先看各列的对应关系，在网页上确认后导入。", style="red")
        return 1
    if options.map:
        # Imported here, so that an import of templates does not load the vocabulary.
        from xuezheng.cli.records.mapping import show_mappings

        return show_mappings(options)
    prepare_database()
    if options.plan:
        # Imported here, so that figures and reports load only when they are needed.
        from xuezheng.cli.records.impact import show_plans

        return show_plans(options)
    outcomes, marked = [], None
    with progress_shown() as progress:
        for path in options.files:
            try:
                outcome = import_workbook(
                    path, confirm=options.confirm, progress=progress, explain=lambda finding: options.explain
                )
                if options.marked and outcome.refused:
                    write_marked(path, outcome, options.marked)
                    marked = options.marked
            except WorkbookRefused as refusal:
                outcome = Outcome(path.name, problems=[Problem(path.name, 0, None, "", "", str(refusal))])
            outcomes.append(outcome)
            if not options.json:
                show(outcome, marked)
    if options.json:
        print_json([_as_object(outcome) for outcome in outcomes])
    return 1 if any(outcome.refused for outcome in outcomes) else 0


def show(outcome: Outcome, marked: Path | None = None) -> None:
    """Print the outcome of an import: its sentence, the problems, the numbers to be explained, and the counts of each sheet.

    ``marked`` is the path of the annotated copy of the workbook, None where none was written.
    """
    OUT.print(escape(outcome.sentence()), style="red" if outcome.refused else None)
    many = {kind.key: kind for kind in problem_kinds(outcome.problems) if kind.count > _FEW}
    for problem in outcome.problems:
        if problem.kind not in many:
            OUT.print(f"  · {escape(str(problem))}")
    for kind in many.values():
        OUT.print(f"  · {escape(kind.sentence())}")
    if many and not marked:
        OUT.print("  同一种问题只举例；逐处的位置，请加--marked 标注.xlsx，或在网页上看。")
    for form in outcome.mappings:
        OUT.print(f"  · {escape(form.sentence())}")
    for finding in outcome.unexplained:
        OUT.print(f"  · {escape(str(finding))}")
        if finding.offered:
            OUT.print(f"    上期说明：{escape(finding.offered.text)}")
    for counts in outcome.sheets:
        OUT.print(f"  {escape(str(counts))}")
    if outcome.refused and marked:
        OUT.print(f"  已标出问题，写到{escape(str(marked))}")
    if outcome.has_only_readings:
        OUT.print("  以上都能读懂。核对无误后，加--confirm再次导入。")
    elif outcome.unexplained and not outcome.problems:
        OUT.print(
            f'  以上没有填错的，加--explain "原因"（至少{SHORTEST}个字）再次导入；各有各的原因的，在网页上逐项说明。'
        )


def _as_object(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": outcome.file_name,
        "saved": outcome.saved,
        "batch": outcome.batch.pk if outcome.batch else None,
        "sentence": outcome.sentence(),
        "sheets": [vars(counts) for counts in outcome.sheets],
        "kinds": [
            {"sentence": kind.sentence(), "count": kind.count, "is_error": kind.is_error}
            for kind in problem_kinds(outcome.problems)
        ],
        "problems": [{**vars(problem), "sentence": str(problem)} for problem in outcome.problems],
        "mappings": [form.sentence() for form in outcome.mappings],
        "unexplained": [str(finding) for finding in outcome.unexplained],
    }
