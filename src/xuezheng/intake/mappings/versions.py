"""Confirmed mappings of workbooks with other layouts to templates.

They are stored as versions, found by the fingerprint of a table's headings, and exported to and read from
YAML.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import yaml
from django.db import transaction
from django.utils import timezone

from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.records.models import LayoutMapping, User
from xuezheng.workbooks.layouts.mapping import Mapping, MappingError, Source, parse
from xuezheng.workbooks.layouts.proposal import Proposal
from xuezheng.workbooks.layouts.vocabulary import plain

#: A layout of which this share of headings is known is an earlier one with a few headings changed.
_MOSTLY = 0.6
#: So many versions are compared.
_RECENT = 50


def latest_version(fingerprint: str, user: User | None) -> tuple[Mapping, date] | None:
    """Return the latest mapping for a fingerprint that is in force for ``user``, and the day of its confirmation.

    A mapping of the user's school takes precedence over one of the bureau. None if there is none, or if the
    template no longer has the columns that it names, so that it has to be confirmed again.
    """
    versions = LayoutMapping.objects.for_user(user).filter(fingerprint=fingerprint)
    latest = versions.filter(school__isnull=False).last() or versions.last()
    mapping = None if latest is None else _content(latest)
    return None if latest is None or mapping is None else (mapping, timezone.localdate(latest.made_at))


def _content(kept: LayoutMapping) -> Mapping | None:
    """The mapping of a version; None where its template no longer has these columns, so that it has to be confirmed again."""
    try:
        return parse(kept.content, f"对应关系“{kept}”")
    except MappingError:
        return None


def remember(mapping: Mapping, name: str, user: User | None) -> LayoutMapping:
    """Store a mapping as the latest version for its headings.

    It is in force for the user's school or, without one, for the bureau. ``name`` is the name of the file
    with which it was confirmed.
    """
    return LayoutMapping.objects.create(
        fingerprint=mapping.fingerprint,
        template=mapping.template,
        content=mapping.as_object(),
        name=with_numbers_masked(name)[:255],
        school=None if user is None else user.school,
        made_by=user,
    )


def with_earlier(proposal: Proposal, user: User | None) -> Proposal:
    """Return a proposal that takes over what was confirmed for a similar layout.

    Questions remain for the new headings only. A layout is similar if it has the same template and more than
    60% of the headings in common. Without one, the proposal itself is returned.
    """
    earlier = _nearest(proposal, user)
    if earlier is None:
        return proposal
    mapping = proposal.mapping
    headings = {plain(heading.full): heading.full for heading in proposal.table.headings}
    confirmed = {plain(source.heading): source for source in earlier.columns}
    settled = confirmed.keys() | set(map(plain, earlier.unused))
    columns = [
        replace(source, heading=headings[name]) for name, source in confirmed.items() if name in headings
    ]
    paths = {source.path for source in columns}
    columns += [
        source
        for source in mapping.columns
        if plain(source.heading) not in settled and source.path not in paths
    ]
    paths = {source.path for source in columns}
    fills = {path: text for path, text in {**mapping.fills, **earlier.fills}.items() if path not in paths}
    wide = set(mapping.wide.values) if mapping.wide else set()
    mapped = {source.heading for source in columns} | wide
    new = [full for name, full in headings.items() if name not in settled and full not in wide]
    return Proposal(
        proposal.table,
        replace(
            mapping,
            columns=tuple(columns),
            fills=fills,
            unused=tuple(full for full in headings.values() if full not in mapped),
        ),
        [_question(heading, mapping, columns) for heading in new],
        proposal.score,
    )


def _nearest(proposal: Proposal, user: User | None) -> Mapping | None:
    """The mapping to the same template that knows most of the table's headings, if it knows enough; the latest of equals."""
    headings = {plain(heading.full) for heading in proposal.table.headings}
    versions = LayoutMapping.objects.for_user(user).filter(template=proposal.mapping.template).order_by("-pk")
    best, most = None, _MOSTLY
    for kept in versions[:_RECENT]:
        earlier = _content(kept)
        if earlier is None or earlier.marks != proposal.mapping.marks:
            continue
        names = {plain(source.heading) for source in earlier.columns} | set(map(plain, earlier.unused))
        share = len(names & headings) / max(len(names | headings), 1)
        if share > most:
            best, most = earlier, share
    return best


def _question(heading: str, mapping: Mapping, columns: list[Source]) -> str:
    path = next((source.path for source in columns if source.heading == heading), None)
    if path is None:
        return f"新的一列“{heading}”不导入，请确认。"
    return f"新的一列“{heading}”，是否即“{mapping.column(path).title}”？"


def as_pack() -> str:
    """Return the latest version of every mapping that is in force for the bureau as YAML text; those of schools are left out."""
    latest = {kept.fingerprint: kept for kept in LayoutMapping.objects.filter(school=None)}
    layouts = [{"name": kept.name, **kept.content} for kept in latest.values()]
    return yaml.safe_dump({"layouts": layouts}, allow_unicode=True, sort_keys=False)


def from_pack(text: str, user: User | None) -> int:
    """Store the mappings in a YAML text of :func:`as_pack` that differ from those in force for ``user``.

    They come into force for the user's school or, without one, for the bureau. Returns how many were stored.
    Raises :class:`MappingError`, and stores none, if the text or one of the mappings is invalid.
    """
    try:
        content = yaml.safe_load(text)
        layouts = [
            (str(layout["name"]), parse(layout, f"“{layout['name']}”")) for layout in content["layouts"]
        ]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise MappingError(f"不是对应关系的文件：{error}。") from None
    number = 0
    with transaction.atomic():
        for name, mapping in layouts:
            latest = latest_version(mapping.fingerprint, user)
            if latest is None or latest[0] != mapping:
                remember(mapping, name, user)
                number += 1
    return number
