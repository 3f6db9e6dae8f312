"""Every address with every parameter that its page knows, filled with what nobody should send: refused, never a failure.

The addresses are those of the walk over all roles (``test_rights``); the parameters are read from the source of the pages, their forms
and their templates, so that a new one is tried without a new test.
"""

import inspect
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from django import forms
from django.core.cache import cache as counted
from django.urls import get_resolver, resolve, reverse
from tests.web.test_rights import addresses, everybody  # noqa: F401 - a fixture

from xuezheng.api.operations import OPERATIONS

SOURCE = Path("src/xuezheng")
#: Values as they stand in an address, percent-encoded bytes.
VALUES = {
    "NUL": "a%00b",
    "3,000 letters": "x" * 3000,
    "a lone surrogate": "%ED%A0%80",
    "broken UTF-8": "%FF%FE%C0%80",
    "10^30": "1" + "0" * 30,
    "a negative number": "-1",
    "a number that is none": quote("NaN"),
    "deep JSON": quote("[" * 2000),
    "emoji": quote("👩‍👩‍👧‍👦" * 5),
    "a path": quote("../../../../etc/passwd"),
    "nothing": "",
    "a condition without a value": quote("in_school=,=,,a=b=c"),
    "quotes": quote("'\"); DROP TABLE records_user; --<script>"),
    "a year before the first": quote("0000-00-00"),
    "a period at the end of time": "9999H2",
    "superscript digits": quote("²"),
}
#: Those that are tried in each parameter by itself.
SINGLE = ("3,000 letters", "10^30", "superscript digits")
READ = re.compile(r"""(?:GET|POST|told|query|data)(?:\.get|\.getlist)?[\[(]\s*f?["']([\w.\-]+)["']""")
#: Fields of the frame of every page, read by no view.
SETTLED = {"viewport", "csrfmiddlewaretoken", "color-scheme"}
FIELD = re.compile(r"""\bname="([\w.\-]+)\"""")


def forms_of(module):
    return [
        form
        for form in vars(module).values()
        if inspect.isclass(form)
        and issubclass(form, forms.BaseForm)
        and form.__module__.startswith("xuezheng")
    ]


@cache
def parameters(view):
    """The names that a view's module, its forms and the templates it names read."""
    module = inspect.getmodule(inspect.unwrap(view))
    if module is None or not module.__name__.startswith("xuezheng"):
        return frozenset({"username", "password", "next"})
    text = inspect.getsource(module)
    names = set(READ.findall(text))
    for form in forms_of(module):
        names |= set(form.base_fields)
    for template in re.findall(r"""["']((?:[a-z]+)/[\w/]+\.html)["']""", text):
        for path in SOURCE.rglob(template):
            names |= set(FIELD.findall(path.read_text(encoding="utf-8"))) - SETTLED
    if "/api/" in module.__file__:
        names |= {parameter.name for operation in OPERATIONS for parameter in operation.parameters}
    return frozenset(
        names | {"period", "page", "snapshot", "by", "in_school", "than", "words", "sort", "view"}
    )


def failures(client, address, query, way):
    client.raise_request_exception = False
    if way == "GET":
        response = client.get(f"{address}?{query}")
    else:
        response = client.post(address, query, content_type="application/x-www-form-urlencoded")
    if response.streaming:
        b"".join(response.streaming_content)
    unwell = response.status_code == 503 and address == reverse("web:health")  # no worker runs here
    failed = response.status_code >= 500 and not unwell
    return [f"{way} {address}?{query[:150]}: {response.status_code}"] if failed else []


def one_of_each():
    """One address of each page that is there, and one of what is not."""
    chosen = {}
    for name, address in addresses():
        chosen.setdefault(name, []).append(address)
    return [address for several in chosen.values() for address in dict.fromkeys((several[0], several[-1]))]


def queries(name, value):
    """A parameter with a hostile value, among others as a page would have them."""
    yield f"{name}={value}" + ("" if name == "period" else "&period=2019H1")
    if name == "where":
        yield f"where=in_school%3D{value}&period=2019H1"


@pytest.mark.parametrize("role", ["office", "clerk", "stranger"])
def test_no_page_fails_on_any_value_of_all_its_parameters(everybody, role, settings):  # noqa: F811
    settings.API_PER_MINUTE = 10**6
    failed, tried = [], 0
    for address in one_of_each():
        names = sorted(parameters(resolve(address).func))
        for value in VALUES.values():
            query = "&".join(f"{name}={value}&{name}={value}" for name in names)
            for way in ("GET", "POST"):
                failed += failures(everybody[role], address, query, way)
                tried += 1
        counted.clear()
    assert failed == []
    assert tried > 500


@pytest.mark.parametrize("part", range(2))
def test_no_page_fails_on_any_value_of_one_parameter(everybody, part, settings):  # noqa: F811
    settings.API_PER_MINUTE = 10**6
    failed = []
    views = {}
    for address in one_of_each():
        views.setdefault(resolve(address).func, address)
    for view, address in list(views.items())[part::2]:
        for name in sorted(parameters(view)):
            for kind in SINGLE:
                for query in queries(name, VALUES[kind]):
                    failed += failures(everybody["office"], address, query, "GET")
                    failed += failures(everybody["office"], address, query, "POST")
        counted.clear()
    assert failed == []


@pytest.mark.parametrize("role", ["office", "stranger"])
def test_no_page_fails_on_any_value_in_its_path(everybody, role):  # noqa: F811
    failed = []
    resolvers = [found for found in get_resolver().url_patterns if hasattr(found, "url_patterns")]
    for pattern in {f"{found.pattern}{page.pattern}" for found in resolvers for page in found.url_patterns}:
        for value in VALUES.values():
            if "<" in pattern:
                address = "/" + re.sub(r"<[^>]+>", lambda _, value=value: value or "0", pattern)
                failed += failures(everybody[role], address, "period=2019H1", "GET")
    assert failed == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/figures/aid.registered_poor_pupils/?period=2019H1&where=in_school%3D1%00", 400),
        ("/api/v1/figures/aid.registered_poor_pupils/?period=2019H1&snapshot=" + "x" * 3000, 404),
        ("/figures/aid.registered_poor_pupils/?in_school=1%00", 400),
        ("/figures/a%00b/", 400),
    ],
)
def test_what_cannot_be_read_is_told(everybody, address, status):  # noqa: F811
    response = everybody["office"].get(address)
    assert response.status_code == status
    assert response["X-Request-ID"]
    text = response.content.decode()
    assert "不能用的字符" in text or "没有快照" in text
    assert len(text) < 10_000


def test_parameters_are_read_from_the_source():
    from xuezheng.web.figures.figures import figure
    from xuezheng.web.figures.whatif import whatif_policy

    assert {"by", "period", "than"} <= parameters(figure)
    assert {"first", "move", "base"} <= parameters(whatif_policy)
