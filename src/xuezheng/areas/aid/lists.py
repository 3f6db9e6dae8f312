"""Lists of persons from other departments, and the entitlements that follow from them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from xuezheng.areas.aid.models import Entitlement
from xuezheng.areas.aid.procedures.entitling import Entitled, programmes_of, programmes_on
from xuezheng.linkage.lists import OutsideList
from xuezheng.linkage.models import Link, ListRow
from xuezheng.records.code_lists import code_list, has
from xuezheng.records.fields import keyed_hash
from xuezheng.records.identifiers import check_citizen_id
from xuezheng.records.models import Person, PersonCategory, Pupil, Term

_SETTLED = (Link.State.FOUND, Link.State.ABSENT)


def entitle(rows: QuerySet[ListRow], term: Term) -> int:
    """Add the persons on reconciled ``rows`` to the entitlements of a term (应助名单); return how many were added.

    A pupil here is entitled by category, stage and school, a person who studies elsewhere to the programmes
    that do not depend on stage. Skipped are rows for which it is not yet known who the person is or where the
    person studies, rows of a category not in force on the first day of the term, and persons elsewhere
    without a valid ID number. Existing entitlements are kept, also those of persons no longer listed.
    """
    with transaction.atomic():
        there = set(Entitlement.objects.filter(term=term).values_list("person_id", "programme"))
        enrolled = Pupil.objects.filter(left_on=None).select_related("class_group__school")
        pupils = {pupil.person_id: pupil for pupil in enrolled}
        resolved = set(
            PersonCategory.objects.filter(resolved_on__lte=term.starts_on).values_list(
                "person_id", "category"
            )
        )
        added = 0
        for row in rows.filter(link__state__in=_SETTLED).select_related("link"):
            person = row.link.person_id or _person_elsewhere(row)
            if person is None:
                continue
            pupil = pupils.get(person) if row.link.state == Link.State.FOUND else None
            for programme in _programmes(row.category, pupil, (person, row.category) in resolved, term):
                if (person, programme) in there:
                    continue
                there.add((person, programme))
                entitlement = Entitlement(
                    person_id=person,
                    programme=programme,
                    term=term,
                    school_id=pupil.class_group.school_id if pupil else None,
                    source=Entitlement.BY_LIST,
                    batch_id=row.batch_id,
                    source_sheet=row.source_sheet,
                    source_row=row.source_row,
                )
                entitlement._change_reason = f"名单比对：{row.get_category_display()}{row.listed_on}"
                entitlement.save()
                added += 1
    return added


def _programmes(category: str, pupil: Pupil | None, resolved: bool, term: Term) -> list[str]:
    """Return the programmes of a listed person: of a pupil here by stage and school, of one elsewhere those that every stage has."""
    if pupil is None:
        code = code_list("policy.hardship").codes[category].on(term.starts_on)
        return sorted(
            name
            for name, version in programmes_on(term.starts_on)
            if "stages" not in version.properties and code and has(code, "entitles", name)
        )
    group = pupil.class_group
    return programmes_of(
        Entitled(category, group.stage, group.school.kind, pupil.boarding, resolved), term.starts_on
    )


def _person_elsewhere(row: ListRow) -> int | None:
    """Return the id of the person in a row who studies elsewhere, adding the person if new; None without a valid ID number."""
    number = row.id_number.strip().upper()
    try:
        check_citizen_id(number)
    except ValidationError:
        return None
    known = Person.objects.filter(id_number_hash=keyed_hash(number)).first()
    if known is None:
        known = Person(name=row.name, id_number=number, batch_id=row.batch_id)
        known.complete()
        known.full_clean()
        known.save()
    return int(known.pk)


poverty_register = OutsideList("扶贫部门名单", "poverty_register", take_up=entitle)
civil_affairs = OutsideList("民政部门名单", "civil_affairs")
disabled_federation = OutsideList("残联名单", "disabled_federation")
veterans_affairs = OutsideList("退役军人事务部门名单", "veterans_affairs")
trade_union = OutsideList("工会名单", "trade_union")
