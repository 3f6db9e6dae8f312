"""The form for changing one record by hand, and helpers for forms."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import BooleanField, QuerySet

from xuezheng.intake.saving import RESERVED, newest_version
from xuezheng.records.fields import EncryptedField, ModelField, code_fields, field_of
from xuezheng.records.models import Record, User, linked_register
from xuezheng.records.permissions import Scope, permits
from xuezheng.web.ui import display
from xuezheng.workbooks import sheet_catalogue


class StaleError(Exception):
    """The record was changed by another user while the form with the older values was open; nothing was saved."""


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Record]
else:  # Django's form takes no types when the program runs
    _ModelForm = forms.ModelForm


class ErrorsShownForm(_ModelForm):
    """A model form that shows all errors of its model, also those about fields that the form does not have."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error; an error about a field that this form does not have is shown above the form."""
        if field is None and hasattr(error, "error_dict"):
            messages_by_field: dict[str, list[Any]] = {}
            for name, problems in error.error_dict.items():
                messages_by_field.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(
                    problems
                )
            error = ValidationError(messages_by_field)
        super().add_error(field, error)


def check_reason(reason: str) -> None:
    """Raise ``ValidationError`` for a reason that begins like the note that an import writes in the history.

    Undoing an import finds its changes by these notes.
    """
    if reason.startswith(RESERVED):
        raise ValidationError(f"更改原因不能以“{'”或“'.join(RESERVED)}”开头。请写明更改的依据。")


class RecordForm(ErrorsShownForm):
    """The form with the fields of a record that may be changed by hand, and the reason for the change.

    Fields of the natural key, derived fields and encrypted numbers are left out. ``user`` limits the records
    offered for links.
    """

    reason = forms.CharField(
        label="更改原因",
        max_length=100,
        help_text="如：对照户口簿更正。会记入更改记录。",
        validators=[check_reason],
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = newest_version(self.instance)
        for column in code_fields(self._meta.model):
            if column.name in self.fields:
                offer_choices(self, column.name, [("", "---------"), *column.offered(self.instance)])
        for name, field in self.fields.items():
            configure_field(field, self._meta.model, name, user)

    @transaction.atomic
    def keep(self) -> Record:
        """Save the changed record with the reason in its history, and return it.

        Raises :class:`StaleError` where the record was changed by anybody since the form was shown.
        """
        locked = type(self.instance).objects.select_for_update().get(pk=self.instance.pk)
        if newest_version(locked) != self.cleaned_data["version"]:
            raise StaleError
        self.instance._change_reason = self.cleaned_data["reason"]
        saved: Record = self.save()
        return saved


def configure_field(field: forms.Field, model: type[Record], name: str, user: User) -> None:
    """Style the form field for the model field ``name``, and limit a choice among records to those that ``user`` may see."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = display.with_links(field.queryset.model.objects.visible_to(user), user)
        field.label_from_instance = display.label  # type: ignore[method-assign,assignment]  # for this field alone
        field.label = display.header(field_of(model, name))
    style_fields(field)


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, str]]) -> None:
    """Set the options (value, title) of the choice field ``name``.

    Raises ``TypeError`` for a field of another kind.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choice")
    field.choices = list(choices)


def offer_records(form: forms.BaseForm, name: str, records: QuerySet[Record]) -> None:
    """Set the records that the field ``name`` offers.

    Raises ``TypeError`` for a field that is no ``ModelChoiceField``.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} offers no records")
    field.queryset = records


def style_fields(*fields: forms.Field) -> None:
    """Set the CSS class of each field's widget according to its kind."""
    for field in fields:
        field.widget.attrs["class"] = _css_class(field.widget)


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _widget(field: ModelField, **kwargs: Any) -> forms.Field | None:
    made = field.formfield(**kwargs)
    if isinstance(made, forms.DateField):
        made.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    if isinstance(field, BooleanField) and made is not None:
        made.required = False
    return made


def may_edit(user: User, model: type[Record]) -> bool:
    """Whether ``user`` may change records of a register by hand.

    The office may change any register, a section those that its own sheets fill.
    """
    scope = permits(user, "edit", model)
    own = [sheet for sheet in sheet_catalogue.sheets().values() if sheet.area == user.section]
    return Scope.ALL in scope or (Scope.SECTION in scope and any(model in sheet.fills for sheet in own))


def require_edit(user: User, model: type[Record]) -> None:
    """Raise ``PermissionDenied`` where the user may not change rows of the register ``model`` by hand."""
    if not may_edit(user, model):
        raise PermissionDenied


@cache
def form_of(model: type[Record]) -> type[RecordForm] | None:
    """Return the form class for editing rows of a register; None where no field of it may be changed by hand.

    The form leaves out the natural key, derived and encrypted fields, and links to registers with personal
    data.
    """
    fields = [
        field.name
        for field in display.shown_fields(model)
        if field.editable
        and field.name not in (*model.natural_key, *model.derived)
        and not isinstance(field, EncryptedField)
        # An import cannot be linked to another record by hand; a person is identified by the ID number in a workbook.
        and (field.related_model is None or display.is_link(field))
        and not (display.is_link(field) and linked_register(field).personal)
    ]
    if not fields:
        return None
    form = forms.modelform_factory(
        model,
        RecordForm,
        fields=fields,
        formfield_callback=_widget,  # type: ignore[arg-type]  # a column without a form's field is left out
    )
    return cast(type[RecordForm], form)  # the factory makes it of that class
