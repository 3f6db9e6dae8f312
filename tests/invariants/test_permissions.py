"""Nobody's role is looked at outside the table of permissions, and each question that the code has for the table has a line."""

import ast
import re
from pathlib import Path

import pytest

from xuezheng.records import permissions

PACKAGE = Path("src/xuezheng")
TABLE = "records/permissions.py"
#: Files that read or name roles for another end than to permit something.
ALLOWED = {
    "records/models/accounts.py": "the column itself",
    "records/confirming.py": "what account is made or changed, not who does it",
    "records/second_factors.py": "a setting names the roles that need a second factor",
    "web/models/views.py": "fellows are those of the same role, section and school",
    "web/ui/account_forms.py": "which roles have a section or a school",
    "web/ui/area_pages.py": "a dashboard named after the reader's role comes first",
    "web/admin/accounts.py": "a filter of the list of accounts",
    "web/admin/first_run.py": "which accounts there are already",
    "web/home/help.py": "help is written for each role",
    "web/login/invitations.py": "the first account is an administrator's",
    "cli/operations/user.py": "makes accounts",
    "cli/operations/demo.py": "makes accounts",
    "areas/aid/procedures/demonstration.py": "plays the clerk of each school",
}
FUNCTIONS = {"permits", "may", "require", "select_permitted", "permitted_accounts", "permitted_roles", "where_permitted"}  # fmt: skip
#: The functions that are given no user first.
OF_NOBODY = {"permitted_accounts", "permitted_roles", "where_permitted"}


def files():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        # In proofing a role is what a number is in its sentence.
        if not name.startswith("proofing/") and not {"migrations", "tests"} & set(path.parts):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def mentions_role(node):
    """Whether a piece of code reads an account's role or names one."""
    if isinstance(node, ast.Attribute):
        of_class = isinstance(node.value, ast.Name | ast.Attribute) and (
            getattr(node.value, "id", "") == "Role" or getattr(node.value, "attr", "") == "Role"
        )
        return node.attr in ("role", "is_superuser") or of_class
    return isinstance(node, ast.keyword) and "role" in (node.arg or "").split("__")


def test_roles_are_compared_in_the_table_only():
    strangers = {name for name, tree in files() if name != TABLE and any(map(mentions_role, ast.walk(tree)))}
    assert strangers == ALLOWED.keys()


def test_templates_do_not_compare_roles():
    pages = [path for path in PACKAGE.rglob("*.html") if re.search(r"\.role\b|is_superuser", path.read_text(encoding="utf-8"))]  # fmt: skip
    assert pages == []


def requests():
    """The constant matters and actions of all calls of the table's functions, and of templates."""
    for name, tree in files():
        for node in ast.walk(tree):
            function = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""  # fmt: skip
            if function not in FUNCTIONS or name == TABLE:
                continue
            first = 0 if function in OF_NOBODY else 2 if function == "select_permitted" else 1
            action_and_matter = [
                getattr(argument, "value", None) for argument in node.args[first : first + 2]
            ]
            if len(action_and_matter) == 2 and all(isinstance(text, str) for text in action_and_matter):
                yield " ".join(reversed(action_and_matter))
    for path in PACKAGE.rglob("*.html"):
        for action, matter in re.findall(r'\|permitted:"(\S+) (\S+)"', path.read_text(encoding="utf-8")):
            yield f"{matter} {action}"


def test_each_request_has_a_line_and_each_line_is_requested():
    lines = permissions.lines_by_key(separated=False).keys()
    computed = {key for key in lines if re.match(r"(confidential|open|shared|personal|ordinary|announcement_to_\w+) ", key)}  # fmt: skip
    assert set(requests()) | computed == lines


@pytest.mark.parametrize("separated", [True, False])
def test_no_line_is_written_twice(separated):
    keys = [(group.area, line.matter, line.action) for group in permissions.groups() if group.separated == separated for line in group.lines]  # fmt: skip
    assert len(keys) == len(set(keys))
    if separated:
        joint = {(group.area, line.matter, line.action) for group in permissions.groups() if not group.separated for line in group.lines}  # fmt: skip
        assert set(keys) <= joint
