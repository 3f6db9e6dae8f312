"""A slice is read from text, and what is no slice is refused in words."""

import pytest

from xuezheng.figures import FigureError, catalogue, check_dimensions, parse_slice, read_slice


@pytest.mark.parametrize(
    ("text", "slice_"),
    [
        ("", {}),
        (",", {}),
        ("stage=primary", {"stage": "primary"}),
        (" stage = primary , sex=female,", {"stage": "primary", "sex": "female"}),
        ("sex=", {"sex": ""}),
        ("title=a=b", {"title": "a=b"}),
        ("title=甲;乙", {"title": "甲;乙"}),
    ],
)
def test_a_text_names_dimensions_and_values(text, slice_):
    assert parse_slice(text) == slice_


def test_a_text_that_a_form_keeps_may_part_them_otherwise():
    assert parse_slice("stage=primary;title=甲,乙", ";") == {"stage": "primary", "title": "甲,乙"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stage", "“stage”无法识别。范围应写作“名称=值”，多个用“,”隔开"),
        ("=primary", "“=primary”无法识别"),
        ("stage=primary;sex=female,grade", "“grade”无法识别"),
        ("stage=primary,stage=junior", "“stage”写了不止一次"),
        ("stage=primary,stage=primary", "“stage”写了不止一次"),
        ("stage=prim\0ary", "看不见的字符"),
        ("st\0age=primary", "看不见的字符"),
    ],
)
def test_what_is_no_slice_is_refused(text, sentence):
    with pytest.raises(FigureError, match=sentence):
        parse_slice(text)


def test_pairs_of_an_address_are_read_likewise():
    assert read_slice([("stage", "primary"), ("sex", "")]) == {"stage": "primary", "sex": ""}
    with pytest.raises(FigureError, match="“sex”写了不止一次"):
        read_slice([("sex", "male"), ("sex", "female")])


def test_a_dimension_that_a_figure_does_not_have_is_refused_with_those_that_it_has():
    pupils = catalogue.figure("enrolment.pupils")
    check_dimensions(pupils, ["stage", "sex"])
    with pytest.raises(FigureError, match="不能按“colour”分。可用：stage、"):
        check_dimensions(pupils, ["stage", "colour"])
