"""The help behind the “?” beside a field: how it is filled and by which sheets, in the same words as in the templates."""

from functools import cache

from xuezheng.records.fields import EncryptedField, ModelField
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.template import rule

_MOST_SHEETS = 4


@cache
def explained(field: ModelField) -> tuple[str, ...]:
    """Return Chinese sentences that explain a field of a register, for the question mark beside it.

    They state how the field is filled, whether it is encrypted, and which columns of sheets fill it.
    """
    sentences = [rule(field)] if rule(field) else []
    if isinstance(field, EncryptedField):
        sentences.append("加密保存，页面上遮住中间几位")
    places = [
        f"“{sheet.title}”的“{column.title}”"
        for sheet in sheet_catalogue.sheets().values()
        for column in sheet.columns
        if column.field is field
    ]
    if places:
        more = f"等{len(places)}处" if len(places) > _MOST_SHEETS else ""
        sentences.append(f"由工作簿填写：{'、'.join(places[:_MOST_SHEETS])}{more}")
    elif not field.editable:
        sentences.append("由系统填写，不能改")
    return tuple(f"{line}。" for line in sentences)
