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
    """A report template: its ``source`` is text in the template language, see :mod:`xuezheng.reports.templates.language`.

    ``name`` identifies it in commands and addresses, ``title`` is Chinese. ``version`` is the number of the
    bureau's version, 0 for a template shipped with this release.
    """

    name: str
    kind: Kind
    title: str
    source: str
    version: int = 0

    @property
    def topics(self) -> list[str]:
        """The topics (栏目) of work notes that the template uses, in the order in which they occur."""
        return _TOPICS.findall(self.source)


@cache
def shipped_templates() -> dict[str, Path]:
    """Return the files of the shipped templates that every bureau may use, by name.

    They are ``reports/*.md`` in the packs above county level.
    """
    return {
        path.stem: path
        for pack in shipped().values()
        if pack.level < Level.COUNTY
        for path in sorted((FOLDER / pack.code).glob("reports/*.md"))
    }


def templates() -> dict[str, ReportTemplate]:
    """Return every template in use by name, ordered by kind.

    Within a kind, the bureau's own come before shipped ones.
    """
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
    """Return the name of the report that pages open by default and add sentences to: the first of :func:`templates`.

    Raises ``registry.Unknown`` where no template is in use.
    """
    known = templates()
    if not known:
        raise Unknown("报告", "", known)
    return next(iter(known))


def template(name: str) -> ReportTemplate:
    """Return the template in use that is called ``name``; raises ``registry.Unknown`` where there is none."""
    known = templates()
    try:
        return known[name]
    except KeyError:
        raise Unknown("报告", name, known) from None


def titles() -> dict[str, str]:
    """Return the Chinese title of each template in use by its name, in the order of :func:`templates`."""
    return {name: known.title for name, known in templates().items()}


def read_template(name: str, text: str) -> ReportTemplate:
    """Return the template that the text of a file contains.

    The first line may be a comment ``{# kind：title #}`` with the Chinese label of the kind, as
    :func:`write_template` writes it. Without it the kind is 其他 and the first heading is the title.
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
