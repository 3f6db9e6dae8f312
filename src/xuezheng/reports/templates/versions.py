"""Saving versions of the bureau's report templates: a new one, the end of a template, and those of an adopted pack."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from xuezheng.policy.packs import FOLDER
from xuezheng.records.models import User
from xuezheng.records.permissions import permits
from xuezheng.reports.templates.catalogue import ReportTemplate, read_template
from xuezheng.reports.templates.models import BureauTemplate, TemplateVersion

LONGEST = 200_000  # characters of a template; the half-year report has a tenth of it


class TemplateRefused(Exception):
    """The step on a template cannot be taken; the message is a Chinese sentence with the remedy."""


def save(known: ReportTemplate, after: int, user: User, note: str = "") -> TemplateVersion:
    """Save a template as the bureau's version that follows version number ``after``, and return it.

    ``after`` is the number of the version that the user edited, 0 for the bureau's first; ``note`` says what
    was changed. Raises :class:`TemplateRefused` where the user may not, the title or text is empty, the text
    is too long, the name is invalid, or another user has saved a version in the meantime.
    """
    if not known.title.strip() or not known.source.strip():
        raise TemplateRefused("模板应有名称和内容。")
    if len(known.source) > LONGEST:
        raise TemplateRefused(f"模板最长{LONGEST}个字，请删减。")
    return _add(known, after, user, note)


def retire(known: ReportTemplate, after: int, user: User) -> TemplateVersion:
    """Take a template out of use by a version that follows number ``after``, and return that version.

    Its earlier versions stay, and any of them can be saved again. Raises :class:`TemplateRefused` as
    :func:`save` does.
    """
    return _add(known, after, user, "停用", retires=True)


def take_pack(code: str, user: User | None) -> list[TemplateVersion]:
    """Copy the report templates of the shipped pack ``code`` to the bureau's own, and return the new versions.

    They are ``reports/*.md`` in the folder of the pack; a template whose name the bureau has already is
    skipped.
    """
    taken = []
    for path in sorted((FOLDER / code).glob("reports/*.md")):
        if not BureauTemplate.objects.filter(name=path.stem).exists():
            known = read_template(path.stem, path.read_text("utf-8"))
            taken.append(_store(known, 0, user, f"取自{code}", retires=False))
    return taken


def _add(
    known: ReportTemplate, after: int, user: User, note: str, *, retires: bool = False
) -> TemplateVersion:
    if not permits(user, "template", "report"):
        raise TemplateRefused("报告模板由办公室编制，您的账号不能做这一步。")
    return _store(known, after, user, note, retires=retires)


def _store(
    known: ReportTemplate, after: int, user: User | None, note: str, *, retires: bool
) -> TemplateVersion:
    with transaction.atomic():
        own = _locked(known, after)
        return TemplateVersion.objects.create(
            template=own,
            number=after + 1,
            title=known.title.strip(),
            kind=known.kind,
            source=known.source,
            note=note,
            retires=retires,
            made_by=user,
        )


def _locked(known: ReportTemplate, after: int) -> BureauTemplate:
    """Return the row of a template, moved on from version ``after`` by a conditional update; created for its first version."""
    own = BureauTemplate(name=known.name)
    try:
        own.clean_fields()
    except ValidationError as error:
        raise TemplateRefused(" ".join(error.messages)) from None
    BureauTemplate.objects.get_or_create(name=known.name)
    current = BureauTemplate.objects.filter(name=known.name, latest=after)
    if not current.update(latest=after + 1):
        raise TemplateRefused("这个模板已由别人保存了新的一版，没有再改。请刷新后看过再保存。")
    return BureauTemplate.objects.get(name=known.name)
