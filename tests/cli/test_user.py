"""Accounts are made on the command line; their owners set the passwords by a link."""

import re

import pytest


def test_an_account_of_a_section_is_made_and_gets_a_new_link_the_second_time(demo):
    run, _ = demo
    links = set()
    for words in (["--role", "科室", "--area", "health"], []):
        made = run("user", "tiwei", *words)
        assert made.returncode == 0
        assert "（科室）" in made.stdout
        links.add(re.search(r"http://127.0.0.1:8000/welcome/(\S+)/", made.stdout)[1])
    assert len(links) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--role", "科室"], "须用--area"),
        (["--role", "科室", "--area", "helth"], "没有业务“helth”"),
        (["--role", "领导", "--area", "health"], "其他角色不写"),
        (["--role", "学校经办人"], "须用--school"),
        (["--role", "学校经办人", "--school", "2199999999"], "没有标识码为“2199999999”的学校"),
        ([], "没有这个账号"),
    ],
)
def test_what_does_not_fit_is_said(demo, words, told):
    run, _ = demo
    made = run("user", "someone", *words)
    assert made.returncode == 1
    assert told in made.stdout + made.stderr


def test_a_role_that_there_is_not_is_a_wrong_call(demo):
    run, _ = demo
    made = run("user", "someone", "--role", "校长")
    assert made.returncode == 2
    assert "没有'校长'，可选" in made.stderr


def test_an_account_is_unlocked_and_its_second_factor_cleared_on_the_server(demo):
    run, _ = demo
    run("user", "suo", "--role", "领导")
    unlocked = run("user", "suo", "--unlock", "--clear-second-factor")
    assert unlocked.returncode == 0
    assert "已启用" in unlocked.stdout
    assert "两步验证已清除" in unlocked.stdout
    assert run("user", "nobody", "--unlock").returncode == 1
