"""Accesses to the data of one person, listed for auditors, who need not open the person's records for this.

The person's name or number is sent in a POST, never in an address; the answer shows names and numbers masked,
and the query itself is written to the access log.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.records.fields import keyed_hash
from xuezheng.records.identifiers import id_number_in
from xuezheng.records.models import Look, Person
from xuezheng.records.permissions import require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import style_fields

_NAME = re.compile(r"[\u3400-\u9fff·]{2,20}")
_LONG_NUMBER = re.compile(r"[0-9]{11}")
_MOST_PERSONS, _MOST_LINES = 20, 200


class PersonForm(forms.Form):
    """The form for the query: a person's name or ID number, and the purpose of the query."""

    words = forms.CharField(label="姓名或身份证件号", max_length=40, help_text="姓名写全；同名的都列出")
    purpose = forms.CharField(
        label="用途", min_length=4, max_length=100, help_text="如：家长投诉核查。会记入查阅记录，不写证件号"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style_fields(*self.fields.values())
        # What is typed does not come back with the page: it may be a whole number.
        self.fields["words"].widget.attrs["autocomplete"] = "off"

    def clean_words(self) -> str:
        """Return the name or ID number without spaces.

        Raises ``ValidationError`` for anything but a name of 2 to 20 Chinese characters or a complete ID
        number.
        """
        words = "".join(self.cleaned_data["words"].split())
        if not id_number_in(words) and not _NAME.fullmatch(words):
            raise ValidationError("请写姓名的全部汉字，或完整的身份证件号。")
        return words

    def clean_purpose(self) -> str:
        """Return the purpose.

        Raise ``ValidationError`` where it contains eleven digits in a row, as of an ID or phone number.
        """
        purpose: str = self.cleaned_data["purpose"]
        if _LONG_NUMBER.search(purpose):
            raise ValidationError("用途里不写证件号和电话。")
        return purpose


class PersonAccess(NamedTuple):
    """A person whose data was accessed, as the page shows it.

    ``name`` and ``number`` are masked; ``lines`` are the latest access log entries about the person, at most
    200.
    """

    name: str
    number: str
    lines: list[Look]


@never_cache
@require_http_methods(["GET", "POST"])
def person_access(request: UserRequest) -> HttpResponse:
    """Show the form; a POST lists the accesses to each person with that name or number: user, time and purpose.

    At most 20 persons are listed. Raises ``PermissionDenied`` where the user may not see the access log.
    """
    require(request.user, "see", "access_log")
    form = PersonForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        people = _find_people(form.cleaned_data["words"])
        access_log.file_away()
        context["people"] = [_describe(person) for person in people]
        context["more"] = len(people) == _MOST_PERSONS
        context["form"] = PersonForm(initial={"purpose": form.cleaned_data["purpose"]})
        keys = {person.pk for person in people}
        # Even that there is nobody of a number is an answer about a person.
        access_log.note(
            request, "查某人被谁看过", form.cleaned_data["purpose"], keys, unregistered=int(not keys)
        )
    return render(request, "web/person_access.html", context)


def _find_people(words: str) -> list[Person]:
    number = id_number_in(words)
    people = (
        Person.objects.filter(id_number_hash=keyed_hash(number))
        if number
        else Person.objects.filter(name=words)
    )
    return list(people.order_by("pk")[:_MOST_PERSONS])


def _describe(person: Person) -> PersonAccess:
    lines = Look.objects.at_persons({person.pk}).select_related("by__school")[:_MOST_LINES]
    return PersonAccess(mask_name(person.name), person.masked_id_number, list(lines))


def mask_name(name: str) -> str:
    """Return a name with all characters but the first masked by "*"."""
    return name[:1] + "*" * (len(name) - 1)
