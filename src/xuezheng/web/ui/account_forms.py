"""The forms for creating and changing accounts, and the Chinese description of an account's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from xuezheng import registry
from xuezheng.records.confirming import describe_account
from xuezheng.records.models import School, User
from xuezheng.web.ui.forms import offer_choices, style_fields

Role = User.Role


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[User]
else:  # Django's form takes no types when the program runs
    _ModelForm = forms.ModelForm


class AccountForm(_ModelForm):
    """The form of an account: login name, name, role, and the section or school that the role needs."""

    section = forms.ChoiceField(label="所管业务", required=False, help_text="只有科室人员选")
    school = forms.ModelChoiceField(
        School.objects.order_by("kind", "name"),
        label="学校",
        required=False,
        empty_label="—",
        help_text="只有学校经办人选",
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "role", "section", "school"]
        labels = {"username": "登录名", "first_name": "姓名"}
        help_texts = {"username": "字母、数字，如 yansi01；建好后不能改"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = registry.areas().items()
        offer_choices(
            self,
            "section",
            [
                ("", "—"),
                *((name, f"{area.title}（{area.section}）") for name, area in areas),
            ],
        )
        self.fields["first_name"].required = True
        self.fields["username"].disabled = self.instance.pk is not None
        style_fields(*self.fields.values())

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        Add an error where a role lacks the section or school that it needs, or has one that it does not.
        """
        values: dict[str, Any] = super().clean() or {}
        role = values.get("role")
        if (role == Role.SECTION) != bool(values.get("section")):
            self.add_error("section", "科室人员须选所管业务，其他角色不选。")
        if (role == Role.CLERK) != bool(values.get("school")):
            self.add_error("school", "学校经办人须选学校，其他角色不选。")
        return values

    def rights(self) -> dict[str, Any]:
        """Return ``role``, ``section`` ("" for none) and ``school`` (its primary key, None for none) as entered.

        The dict has the same keys as ``confirming.values_of``.
        """
        school = self.cleaned_data["school"]
        return {
            "role": str(self.cleaned_data["role"]),
            "section": self.cleaned_data["section"],
            "school": school and school.pk,
        }


class IdentityForm(forms.Form):
    """The form for the subject by which the login platform identifies a user."""

    subject = forms.CharField(
        label="用户标识", max_length=200, help_text="本人用统一认证登录时，页面上显示的那一串"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style_fields(*self.fields.values())


def place_of(user: User) -> str:
    """Return the role of an account with its section or school in Chinese, as 科室（资助管理中心）."""
    area = registry.areas().get(user.section)
    return describe_account(
        user.role, area.section if area else user.section, str(user.school) if user.school else ""
    )


def place_of_rights(rights: dict[str, Any]) -> str:
    """Return the role with its section or school in Chinese, as 科室（资助管理中心）, for rights as of :meth:`AccountForm.rights`."""
    area = registry.areas().get(rights["section"])
    school = School.objects.filter(pk=rights["school"]).first() if rights["school"] else None
    return describe_account(
        rights["role"], area.section if area else rights["section"], str(school) if school else ""
    )
