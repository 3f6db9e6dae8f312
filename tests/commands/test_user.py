"""Accounts are made on the command line; a password is shown once."""

import re

import pytest


def test_an_account_of_a_section_is_made_and_gets_a_new_password_the_second_time(demo):
    run, _ = demo
    passwords = set()
    for _ in range(2):
        made = run("user", "tiwei", "--role", "科室", "--area", "health")
        assert made.returncode == 0
        passwords.add(re.search(r"密码只显示这一次：(\S+)", made.stdout)[1])
    assert len(passwords) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--role", "科室"], "须用--area"),
        (["--role", "科室", "--area", "helth"], "没有业务“helth”"),
        (["--role", "领导", "--area", "health"], "其他角色不写"),
        (["--role", "学校经办人"], "须用--school"),
        (["--role", "学校经办人", "--school", "2199999999"], "没有标识码为“2199999999”的学校"),
        (["--role", "校长"], "没有'校长'，可选"),
    ],
)
def test_what_does_not_fit_is_said(demo, words, told):
    run, _ = demo
    made = run("user", "someone", *words)
    assert made.returncode == 1
    assert told in made.stdout + made.stderr
