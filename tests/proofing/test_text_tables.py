"""Tables in plain text, Markdown and HTML are read as tables, and the text around them as paragraphs."""

import pytest

from xuezheng.proofing.reading import pasted, read

GRID = (("学段", "人数", "金额"), ("小学", "3", "600"), ("合计", "3", "600"))


@pytest.mark.parametrize(
    "text",
    [
        "说明\n学段\t人数\t金额\n小学\t3\t600\n合计\t3\t600\n以上。",
        "说明\n| 学段 | 人数 | 金额 |\n|---|---:|---:|\n| 小学 | 3 | 600 |\n| 合计 | 3 | 600 |\n以上。",
    ],
)
def test_lines_of_cells_are_a_table_with_the_line_before_as_its_title(text):
    source = pasted(text)
    assert source.paragraphs == ("说明", "以上。")
    assert source.tables == (("说明", GRID),)


def test_a_line_with_one_bar_or_tab_is_text():
    assert pasted("甲|乙\n丙\t丁").tables == ()


def test_one_line_of_cells_is_no_table():
    assert pasted("甲\t乙\t丙\n完").paragraphs == ("甲 乙 丙", "完")


def test_a_page_is_read_without_its_scripts_and_each_table_once(tmp_path):
    page = tmp_path / "页.html"
    page.write_text(
        "<html><head><title>9人</title><script>var a = '8人'</script></head><body><h1>通报</h1><p>共<b>3</b>人。</p>"
        "<table><caption>资助</caption><tr><th>学段</th><th>人数</th><th>金额</th></tr><tr><td>小学</td><td>3</td>"
        "<td>600</td></tr><tr><td>合计</td><td>3</td><td>600</td></tr></table><div>完。</div></body></html>",
        "utf-8",
    )
    source = read(page)
    assert source.paragraphs == ("通报", "共3人。", "完。")
    assert source.tables == (("资助", GRID),)


@pytest.mark.parametrize(
    "content", ["", "<", "<table><tr><td colspan=99999999>1</table>", "\0" * 9, "<p>" * 5000]
)
def test_no_page_is_too_broken_to_be_read(tmp_path, content):
    page = tmp_path / "页.html"
    page.write_text(content, "utf-8")
    assert len(read(page).tables) <= 1
