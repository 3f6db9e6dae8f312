"""What a template that a user wrote or imported may contain: nothing that reaches the system or runs for long."""

import pytest

from xuezheng.policy.packs import FOLDER
from xuezheng.reports.templates.syntax import problems


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/reports/*.md")), ids=lambda path: path.stem)
def test_the_shipped_templates_keep_to_the_language(path):
    assert list(problems(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("好。\n资助350人。", 2, "手写的数字“350”"),
        ("资助３５０人。", 1, "手写的数字"),
        ("{{ n( }}", 1, "没有写完整"),
        ("\n{% if zero('a.b') %}", 2, "没有写完整"),
        ("{{ 'a' * 9 }}", 1, "不能用这种写法"),
        ("{{ 9 ** 9 }}", 1, "不能用这种写法"),
        ("{{ 'a' ~ 'b' }}", 1, "不能用这种写法"),
        ("{{ n.__class__ }}", 1, "不能用这种写法"),
        ("{{ n['x'] }}", 1, "不能用这种写法"),
        ("{{ n | upper }}", 1, "不能用这种写法"),
        ("{% include 'x' %}", 1, "不能用这种写法"),
        ("{% for a in 'abc' %}{% endfor %}", 1, "循环只能用于"),
        ("{% for a in [" + "1," * 61 + "] %}{% endfor %}", 1, "循环只能用于"),
        (
            "{% for a in progress() %}{% for b in progress() %}{% for c in progress() %}{% endfor %}{% endfor %}{% endfor %}",
            1,
            "最多套2层",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}", 1, "宏里不能再用宏"),
        ("{{ n('a.b', style='grand') }}", 1, "没有“grand”这种数字写法"),
    ],
)
def test_what_a_template_may_not_contain_is_said_at_its_line(source, line, words):
    found = list(problems(source))
    assert any(number == line and words in sentence for number, sentence in found), found


def test_a_list_at_the_limit_and_two_loops_are_permitted():
    source = "{% for a in [" + "1," * 60 + "] %}{% for b in progress() %}{% endfor %}{% endfor %}"
    assert list(problems(source)) == []
