"""``xuezheng import --map``: the template and the mapping of columns proposed for workbooks of other layouts; writes nothing."""

import argparse

from rich.markup import escape

from xuezheng.cli.shared import OUT, print_json
from xuezheng.operations.schema import Form
from xuezheng.operations.start import check_database
from xuezheng.registry import Unknown
from xuezheng.workbooks import WorkbookRefused, sheet_catalogue
from xuezheng.workbooks.layouts.described import describe, propose_all
from xuezheng.workbooks.layouts.references import References, references
from xuezheng.workbooks.reader import read_workbook


def show_mappings(options: argparse.Namespace) -> int:
    """Print what the files' sheets would be mapped to; return 1 when a file cannot be read or no sheet has a template, else 0."""
    template = "" if options.map == "auto" else options.map
    described, failed = [], False
    try:
        if template:
            sheet_catalogue.sheet(template)
        known = references() if check_database().form is Form.CURRENT else References()
        for path in options.files:
            tables = [
                describe(*pair) for pair in propose_all(read_workbook(path), path.name, known, template)
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
