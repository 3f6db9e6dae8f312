"""The report templates by name: those shipped in packs, and the bureau's own, which replace shipped ones of the same name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import F

from xuezheng.policy.packs import FOLDER, Level, shipped
from xuezheng.registry import Unknown
from xuezheng.reports.templates.models import Kind, TemplateVersion

_HEADER = re.compile(r"\{#\s*(?P<kind>\w+)：(?P<title>[^\n]*?)\s*#\}\n?")
_FIRST_HEADING = re.compile("^# (.*)$", re.MULTILINE)
_WORDS = re.compile(r"\{\{.*?\}\}")  # what varies in a heading
_TOPICS = re.compile(r"""entries\(["'](.+?)["']\)""")


@dataclass(frozen=True)
class ReportTemplate:
    """A report template: its ``source`` in the template language, and the ``version`` of the bureau's own, 0 for a shipped one."""

    name: str
    kind: Kind
    title: str
    source: str
    version: int = 0

    @property
    def topics(self) -> list[str]:
        """The topics of notes of work that the template uses, in its order."""
        return _TOPICS.findall(self.source)


@cache
def shipped_templates() -> dict[str, Path]:
    """Return the files of the templates that every bureau may use, by name: ``reports/*.md`` of the packs above county level."""
    return {
        path.stem: path
        for pack in shipped().values()
        if pack.level < Level.COUNTY
        for path in sorted((FOLDER / pack.code).glob("reports/*.md"))
    }


def templates() -> dict[str, ReportTemplate]:
    """Return every template in use by name, in the order of their kinds, the bureau's own before shipped ones."""
    known = {name: read_template(name, path.read_text("utf-8")) for name, path in shipped_templates().items()}
    for version in TemplateVersion.objects.filter(number=F("template__latest")).select_related("template"):
        if version.retires:
            known.pop(version.template.name, None)
        else:
            known[version.template.name] = _own(version)
    order = list(Kind)

    def place(template: ReportTemplate) -> tuple[int, bool, str]:
        return order.index(template.kind), template.version == 0, template.name

    return {template.name: template for template in sorted(known.values(), key=place)}


def main_report() -> str:
    """Return the name of the report that pages open and add sentences to: the first half-year report, the bureau's own before shipped ones.

    Raises ``registry.Unknown`` where no template is in use.
    """
    known = templates()
    if not known:
        raise Unknown("报告", "", known)
    return next(iter(known))


def template(name: str) -> ReportTemplate:
    """Return a template in use by its name; raises ``registry.Unknown``."""
    known = templates()
    try:
        return known[name]
    except KeyError:
        raise Unknown("报告", name, known) from None


def titles() -> dict[str, str]:
    """Return the title of each template in use by its name."""
    return {name: known.title for name, known in templates().items()}


def read_template(name: str, text: str) -> ReportTemplate:
    """Read a template's file, whose first line may be a comment ``{# kind：title #}``, as :func:`write_template` writes it.

    Without that comment the first heading is the title.
    """
    header = _HEADER.match(text)
    kinds = {kind.label: kind for kind in Kind}
    if header is None or header["kind"] not in kinds:
        heading = _FIRST_HEADING.search(text)
        return ReportTemplate(name, Kind.OTHER, _WORDS.sub("", heading[1]) if heading else name, text)
    return ReportTemplate(name, kinds[header["kind"]], header["title"], text[header.end() :])


def write_template(known: ReportTemplate) -> str:
    """Return a template as the text of a file, which :func:`read_template` reads."""
    return f"{{# {known.kind.label}：{known.title} #}}\n{known.source}"


def _own(version: TemplateVersion) -> ReportTemplate:
    return ReportTemplate(
        version.template.name, Kind(version.kind), version.title, version.source, version.number
    )
