"""Lists from other departments, and the entitlements that follow from them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from xuezheng.areas.aid.models import Award, Entitlement
from xuezheng.linkage.lists import OutsideList
from xuezheng.linkage.models import Link, ListRow
from xuezheng.records.fields import keyed_hash
from xuezheng.records.identifiers import check_citizen_id
from xuezheng.records.models import Person, Pupil, Term

_SETTLED = (Link.State.FOUND, Link.State.ABSENT)


def entitle(rows: QuerySet[ListRow], term: Term) -> int:
    """Add everybody in the poverty register, here or elsewhere, to the list of persons entitled to aid in a term (应助名单).

    Unsettled rows, and rows of people elsewhere without a valid ID number, are skipped; nobody is removed. Returns the number of
    entitlements added.
    """
    with transaction.atomic():
        there = set(
            Entitlement.objects.filter(term=term, programme=Award.Programme.REGISTERED_POOR).values_list(
                "person_id", flat=True
            )
        )
        schools = dict(Pupil.objects.filter(left_on=None).values_list("person_id", "class_group__school_id"))
        added = 0
        for row in rows.filter(link__state__in=_SETTLED).select_related("link"):
            person = row.link.person_id or _person_elsewhere(row)
            if person is None or person in there:
                continue
            there.add(person)
            entitlement = Entitlement(
                person_id=person,
                programme=Award.Programme.REGISTERED_POOR,
                term=term,
                school_id=schools.get(person) if row.link.state == Link.State.FOUND else None,
                source=Entitlement.Source.POVERTY_REGISTER,
                batch_id=row.batch_id,
                source_sheet=row.source_sheet,
                source_row=row.source_row,
            )
            entitlement._change_reason = f"名单比对：{row.get_category_display()}{row.listed_on}"
            entitlement.save()
            added += 1
    return added


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


poverty_register = OutsideList("扶贫部门名单", categories=["registered_poor"], take_up=entitle)
civil_affairs = OutsideList(
    "民政部门名单", categories=["rural_allowance", "urban_allowance", "rural_support", "orphan"]
)
disabled_federation = OutsideList("残联名单", categories=["disabled"])
veterans_affairs = OutsideList("退役军人事务部门名单", categories=["martyr_family"])
