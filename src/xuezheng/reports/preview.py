"""The report as HTML, in which each number links to its figure."""

from collections.abc import Callable, Iterable
from html import escape

from xuezheng.reports.model import Block, Chart, Heading, Mark, Runs, Table


def html(
    blocks: Iterable[Block], url: Callable[[Mark], str], draw: Callable[[Chart], str] = lambda _: ""
) -> str:
    """Return the blocks of a report as HTML with all text escaped; each number links to the address ``url(mark)``.

    ``draw`` returns the HTML of a chart, which is followed by a table of its numbers; by default there is the
    table only.
    """

    def inline(runs: Runs) -> str:
        return "".join(linked(run) if isinstance(run, Mark) else escape(run) for run in runs)

    def linked(mark: Mark) -> str:
        answer = mark.answer
        source = f"来自{answer.row_count}行，快照{answer.snapshot_id}"
        details = (answer.label, answer.slice_label, answer.definition, source)
        hint = " · ".join(part for part in details if part)
        return f'<a class="number" id="{mark.bookmark}" href="{escape(url(mark))}" title="{escape(hint)}">{escape(mark.text)}</a>'

    def cells(row: Iterable[Runs], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{inline(cell)}</{tag}>" for cell in row) + "</tr>"

    def drawn(chart: Chart) -> str:
        head = f"<tr><th>{escape(chart.caption)}</th><th>数值</th></tr>"
        named = zip(chart.labels, chart.answers, strict=True)
        rows = "".join(
            f"<tr><td>{escape(label)}</td><td>{escape(answer.text())}</td></tr>" for label, answer in named
        )
        table = f"<details><summary>看数据表</summary><table><thead>{head}</thead><tbody>{rows}</tbody></table></details>"
        return f"<figure>{draw(chart)}<figcaption>{escape(chart.caption)}</figcaption>{table}</figure>"

    def written(block: Block) -> str:
        if isinstance(block, Chart):
            return drawn(block)
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
