"""The report as HTML, for a page where each number opens its figure."""

from collections.abc import Callable, Iterable
from html import escape

from xuezheng.reports.model import Block, Heading, Mark, Runs, Table


def html(blocks: Iterable[Block], url: Callable[[Mark], str]) -> str:
    """Return the blocks as HTML; all text is escaped."""

    def inline(runs: Runs) -> str:
        return "".join(linked(run) if isinstance(run, Mark) else escape(run) for run in runs)

    def linked(mark: Mark) -> str:
        answer = mark.answer
        hint = " · ".join(part for part in (answer.label, answer.slice_label, answer.definition) if part)
        return f'<a class="number" href="{escape(url(mark))}" title="{escape(hint)}">{escape(mark.text)}</a>'

    def cells(row: Iterable[Runs], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{inline(cell)}</{tag}>" for cell in row) + "</tr>"

    def written(block: Block) -> str:
        if isinstance(block, Heading):
            tag = f"h{block.level + 1}"
            return f"<{tag}>{inline(block.runs)}</{tag}>"
        if isinstance(block, Table):
            caption = f"<caption>{inline(block.caption)}</caption>" if block.caption else ""
            head = cells(block.rows[0], "th")
            body = "".join(cells(row, "td") for row in block.rows[1:])
            return f"<table>{caption}<thead>{head}</thead><tbody>{body}</tbody></table>"
        return f"<p>{inline(block.runs)}</p>"

    return "\n".join(written(block) for block in blocks)
