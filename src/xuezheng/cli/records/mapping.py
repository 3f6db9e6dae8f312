"""``xuezheng mapping``: export or adopt confirmed mappings of workbooks with other layouts.

The output of ``xuezheng import --map`` is here, too.
"""

import argparse
from pathlib import Path

from rich.markup import escape

from xuezheng.cli.shared import OUT, prepare_database, print_json
from xuezheng.core.atomic_files import write_whole
from xuezheng.intake.mappings.national import known_mapping
from xuezheng.intake.mappings.versions import as_pack, from_pack
from xuezheng.operations.schema import Form
from xuezheng.operations.start import check_database
from xuezheng.registry import Unknown
from xuezheng.workbooks import WorkbookRefused, sheet_catalogue
from xuezheng.workbooks.layouts.described import describe, propose_all, texts_of
from xuezheng.workbooks.layouts.mapping import MappingError
from xuezheng.workbooks.layouts.proposal import Proposal
from xuezheng.workbooks.layouts.references import References, references
from xuezheng.workbooks.layouts.tables import Table
from xuezheng.workbooks.reader import read_workbook


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng mapping`` to ``parser``."""
    steps = parser.add_subparsers(dest="step", metavar="<做什么>", required=True, title="做什么")
    for step, words in (("export", "把本局已确认的对应关系写成文件"), ("take", "采用文件中的对应关系")):
        known = steps.add_parser(step, help=words, description=f"{words}。")
        known.add_argument("file", type=Path, metavar="文件.yaml", help="对应关系的文件")


def run(options: argparse.Namespace) -> int:
    """Export the bureau's mappings to a file, or adopt those of a file.

    Return 1 where the file cannot be read, else 0.
    """
    prepare_database()
    if options.step == "export":
        write_whole(options.file, as_pack().encode())
        OUT.print(f"已把本局的对应关系写到{escape(str(options.file))}。")
        return 0
    try:
        count = from_pack(options.file.read_text("utf-8"), None)
    except (MappingError, UnicodeDecodeError) as error:
        OUT.print(escape(f"没有采用：{error}"), style="red")
        return 1
    OUT.print(f"已采用{count}项对应关系，其余与现有的相同。")
    return 0


def show_mappings(options: argparse.Namespace) -> int:
    """Print to which template columns the columns of the files would be mapped; nothing is stored.

    ``options`` has the parsed arguments of ``xuezheng import``. Returns 1 where a file cannot be read or none
    of its sheets has a template, else 0.
    """
    template = "" if options.map == "auto" else options.map
    described, failed = [], False
    try:
        if template:
            sheet_catalogue.sheet(template)
        current = check_database().form is Form.CURRENT
        known = references() if current else References()
        for path in options.files:
            proposals = propose_all(read_workbook(path), path.name, known, template)
            tables = [
                describe(table, (_known(table, path.name, known, template) if current else None) or proposal)
                for table, proposal in proposals
            ]
            failed = failed or not any(table["template"] for table in tables)
            described += tables
    except (Unknown, WorkbookRefused) as error:
        if options.json:
            print_json({"sheets": [], "error": str(error)})
        else:
            OUT.print(escape(str(error)), style="red")
        return 1
    if options.json:
        print_json({"sheets": described})
    else:
        for table in described:
            OUT.print(
                f"“{escape(table['sheet'])}”：{table['template'] or '没有相近的模板'}，{table['rows']}行"
            )
            for heading, title in table["mapping"].items():
                OUT.print(f"  {escape(heading)} → {escape(title)}")
            for question in table["questions"]:
                OUT.print(f"  · {escape(question)}")
            if table["unused"]:
                OUT.print(f"  不导入：{escape('、'.join(table['unused']))}")
    return 1 if failed else 0


def _known(table: Table, file_name: str, known: References, template: str) -> Proposal | None:
    """The mapping that the bureau confirmed for a table's headings, or that is shipped, about which nothing is asked; None if there is none to ``template``."""
    layout = known_mapping(table, texts_of(table, file_name), known, None)
    return Proposal(table, layout.mapping) if layout and template in ("", layout.mapping.template) else None
