"""Schools and classes in the registers, and pupils to be entered into them."""

import pytest

from xuezheng.core.data_folder import home
from xuezheng.intake import import_workbook
from xuezheng.records.models import Batch, User, registers

PUPILS = "学生名册"


def census():
    """How many rows there are, history and batches included."""
    counted = {name: (model.objects.count(), model.history.count()) for name, model in registers().items()}
    return {**counted, "batch": Batch.objects.count()}


def balanced(outcome):
    """Whether every row is accounted for."""
    return all(
        sheet.submitted == sheet.added + sheet.changed + sheet.unchanged + sheet.rejected
        for sheet in outcome.sheets
    )


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A data folder of its own, with the keys with which the registers are encrypted."""
    keys = (home() / "keys.json").read_bytes()
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    (folder / "keys.json").write_bytes(keys)
    monkeypatch.setenv("XUEZHENG_HOME", str(folder))


@pytest.fixture
def office(schools):
    """The account of the office."""
    return User.objects.create(username="办公室", role="office")


@pytest.fixture
def refused():
    """Import what must be refused: nothing is saved; return the problems as sentences."""

    def take(path, **kind):
        before = census()
        outcome = import_workbook(path, **kind)
        assert outcome.refused
        assert not outcome.saved
        assert balanced(outcome)
        assert census() == before
        assert "未导入" in outcome.sentence()
        assert "台账没有任何改动" in outcome.sentence()
        return [str(problem) for problem in outcome.problems]

    return take


@pytest.fixture
def taken():
    """Import what must be taken in."""

    def take(path, **kind):
        outcome = import_workbook(path, **kind)
        assert not outcome.refused, [str(problem) for problem in outcome.problems]
        assert balanced(outcome)
        return outcome

    return take


@pytest.fixture
def schools(db, small, workbook, taken):
    return taken(
        workbook({title: small[title] for title in ("本地信息", "学期", "学校名册", "班级名册")}, "学校.xlsx")
    )


@pytest.fixture
def pupils(schools, small):
    """Five pupils of a primary class, as rows of text."""
    return small[PUPILS][:5]


@pytest.fixture
def typed(pupils, headings, raw_workbook):
    """Write the pupils' sheet as somebody might have typed it, from the rows and, if need be, the headings."""

    def write(rows=pupils, heads=None, above=()):
        return raw_workbook({PUPILS: [*above, heads or headings(PUPILS), *rows]}, "学生.xlsx")

    return write


@pytest.fixture
def place(headings):
    """Where a heading stands in the pupils' sheet."""
    return lambda title: headings(PUPILS).index(title)
