"""Names as they are compared, and their sound."""

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.linkage import names
from xuezheng.linkage.names import plain, sound, spellings


@pytest.mark.parametrize(
    "written",
    ["阿依努尔·吐尔洪", "阿依努尔•吐尔洪", "阿依努尔．吐尔洪", "阿依努尔・吐尔洪", "阿依努尔 吐尔洪", "阿依努尔吐尔洪", " 阿依努尔·\u200b吐尔洪"],
)  # fmt: skip
def test_a_name_of_parts_is_one_with_every_mark_and_without(written):
    assert plain(written) == "阿依努尔吐尔洪"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("張曉東", "张晓东"),
        ("王昇", "王升"),
        ("李喆", "李哲"),
        ("劉　偉", "刘伟"),
        ("\uf9e1明", "李明"),
        ("ｊｏｈｎ", "JOHN"),
    ],
)
def test_older_rare_compatible_and_wide_signs_are_folded(written, meant):
    assert plain(written) == meant


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("单雨", "shan yu "), ("仇英", "qiu ying "), ("解放", "xie fang "), ("曾单", "zeng dan "), ("查良", "zha liang "),
        ("任华", "ren hua "), ("吕布", "lv bu "), ("尉迟恭", "yu chi gong "), ("万俟松", "mo qi song "), ("某X", "mou X "),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name, heard):
    assert sound(name) == heard


@given(st.text(max_size=12))
def test_folding_twice_is_folding_once(text):
    assert plain(plain(text)) == plain(text)


def test_no_sign_is_folded_into_one_that_is_folded_further():
    folded = names._folded()
    assert not {ord(sign) for sign in folded.values()} & folded.keys()


def test_every_double_surname_reads_two_signs():
    told = yaml.safe_load((names._FOLDER / "surnames.yaml").read_text(encoding="utf-8"))
    assert all(len(surname) == len(heard.split()) for surname, heard in told.items())


def test_spellings_tell_each_name_once():
    table = spellings(pa.array(["单雨", "单雨", "欧阳昇"]))
    assert table.to_pylist() == [
        {"name": "单雨", "plain": "单雨", "sound": "shan yu ", "first": "shan", "further": "yu "},
        {"name": "欧阳昇", "plain": "欧阳升", "sound": "ou yang sheng ", "first": "ou", "further": "yang sheng "},
    ]  # fmt: skip
