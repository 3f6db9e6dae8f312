"""What the areas declare is found by its place alone."""

import pytest

from xuezheng import registry
from xuezheng.figures import catalogue
from xuezheng.workbooks import sheet_catalogue


def test_areas_are_found_by_their_folders_in_the_order_that_they_name():
    areas = list(registry.areas())
    assert areas.index("enrolment") < areas.index("aid") < areas.index("overview")
    assert [registry.areas()[name].order for name in areas] == sorted(
        a.order for a in registry.areas().values()
    )


def test_a_declaration_is_known_by_its_area_and_name():
    figure = catalogue.figure("aid.registered_poor_pupils")
    assert (figure.area, figure.name) == ("aid", "registered_poor_pupils")
    assert sheet_catalogue.sheet("学生名册").key == "enrolment.pupils"


def test_figures_stand_in_the_order_in_which_they_are_declared():
    keys = list(catalogue.figures())
    assert keys.index("aid.registered_poor_pupils") + 1 == keys.index("aid.registered_poor_amount")


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (
            lambda: catalogue.figure("aid.regstered_poor_pupils"),
            "没有指标“aid.regstered_poor_pupils”。相近的有：aid.reg",
        ),
        (lambda: sheet_catalogue.sheet("学生花名册"), "没有表“学生花名册”。相近的有：学生名册"),
        (lambda: catalogue.figure("zzz"), "相近的有："),
    ],
)
def test_what_is_not_declared_is_told_with_what_is_near(ask, sentence):
    with pytest.raises(registry.Unknown) as raised:
        ask()
    assert sentence in str(raised.value)


def test_a_file_that_an_area_does_not_have_is_passed_over():
    assert "overview" not in registry.modules("models")
    assert registry.modules("no_such_file") == {}
