"""The page of newcomers' questions leads to the code: its words are those of the code's own names, its files are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "xuezheng"
PAGE = ROOT / "docs" / "explanation" / "finding-your-way.md"
QUESTIONS, LEAST = 25, 23
APART = {"__pycache__", "migrations", "static", "tests"}


def questions():
    """The question, the word and the file of each row."""
    rows = re.findall(r"^\| (.+\?) \| (.+?) \| `(.+?)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [(question, plain(word), ROOT / file) for question, word, file in rows]


def plain(name):
    """A name as words: ``read_workbook`` and ``ReadWorkbook`` are both *read workbook*."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()


def names_in(path):
    """What a file is called, and its public classes and functions, those within classes included."""
    names = [path.relative_to(SOURCE).as_posix()]
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                names.append(node.name)
    return {plain(name) for name in names}


@pytest.fixture(scope="module")
def names():
    """The names in each file of the source."""
    files = (path for path in SOURCE.rglob("*") if path.is_file() and not APART & set(path.parts))
    return {path: names_in(path) for path in files}


def test_there_are_so_many_questions_and_none_twice():
    titles = [question for question, _, _ in questions()]
    assert len(titles) == len(set(titles)) == QUESTIONS


def test_nearly_every_word_leads_to_its_file(names):
    missed = [
        f"{question} “{word}” does not lead to {file.relative_to(ROOT)}"
        for question, word, file in questions()
        if not any(word in name for name in names.get(file, ()))
    ]
    assert len(missed) <= QUESTIONS - LEAST, "\n".join(missed)
