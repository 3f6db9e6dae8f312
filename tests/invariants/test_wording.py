"""Words that name one kind of place: a bureau may be that of a 区, a 县, a 市 or a 旗."""

import re
from pathlib import Path

import pytest

import xuezheng
from xuezheng.core.place_names import county_word
from xuezheng.figures import catalogue
from xuezheng.reports.templates.catalogue import shipped_templates

#: 全县（区） and 区县 speak of both, 学区 of neither; 区 alone would be wrong in a 县.
_OF_ONE_KIND = re.compile("区教育局|(?<![县])全区|本区(?!划)|(?<![县（])区级|(?<![外市学])区内")
PACKAGE = Path(xuezheng.__file__).parent
HTML = sorted(PACKAGE.glob("**/templates/**/*.html"))
#: Words of the programme that offices do not use, and those that they use instead.
_FOREIGN = {"冻结": "生成快照、快照日", "放进报告": "插入报告", "收编": "纳入管理", "看不懂": "无法识别"}


@pytest.mark.parametrize("name", sorted(shipped_templates()))
def test_a_shipped_report_template_follows_the_district(name):
    source = shipped_templates()[name].read_text("utf-8")
    assert _OF_ONE_KIND.findall(source) == []


def test_no_definition_of_a_figure_names_one_kind_of_place():
    found = [
        figure.key
        for figure in catalogue.figures().values()
        if _OF_ONE_KIND.search(figure.label + figure.definition)
    ]
    assert found == []


def test_no_page_names_one_kind_of_bureau():
    found = [path.name for path in HTML if _OF_ONE_KIND.search(path.read_text("utf-8"))]
    assert found == []


def test_what_a_user_reads_is_in_the_words_of_offices():
    texts = [path for kind in ("py", "html", "yaml", "js") for path in PACKAGE.rglob(f"*.{kind}")]
    texts += (PACKAGE.parents[1] / "docs").rglob("*.md")
    found = [
        f"{path.name}: {word}（应写{better}）"
        for path in texts
        if "vendor" not in path.parts
        for word, better in _FOREIGN.items()
        if word in path.read_text("utf-8")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("云岭区", "区"),
        ("石台县", "县"),
        ("石林彝族自治县", "县"),
        ("县级界首市", "市"),
        ("鄂温克族自治旗", "旗"),
        ("某某", "县"),
    ],
)
def test_the_word_for_a_place_follows_its_name(name, word):
    assert county_word(name) == word
