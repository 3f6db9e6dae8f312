"""Policy as Chinese text: a version of a standard, or the label and properties of a code; and days typed into forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xuezheng.policy.codes import code_list
from xuezheng.policy.declarations import CodeMatter, PolicyError, is_code, matter
from xuezheng.policy.entries import PolicyEntry
from xuezheng.web.answers import scenario_form
from xuezheng.web.answers.scenario_form import Line
from xuezheng.web.security.requests import UserRequest


def in_words(known: PolicyEntry, value: Any) -> str:
    """Return the value of a version of the entry ``known`` as one line of Chinese text.

    "" for a value of None.
    """
    lines = value_lines(known, value)
    return "，".join(f"{line.words}{line.value}" if line.path else line.value for line in lines)


def value_lines(known: PolicyEntry, value: Any) -> list[Line]:
    """Return the single values of a version's value, those of a code being its label and properties.

    The list is empty for None, the value of a version that ends what its level of government had set.
    """
    if value is None:
        return []
    declared = matter(known.key)
    if isinstance(declared, CodeMatter):
        return _code_lines(declared, value)
    return [line for line in scenario_form.lines(known, value) if line.value]


def _code_lines(known: CodeMatter, value: Mapping[str, Any]) -> list[Line]:
    properties = known.declared.properties if known.declared else {}
    lines = [Line((), "", str(value["label"]), "", "")]
    if value.get("ended"):
        after = code_list(known.key.rpartition(".")[0]).codes
        labels = "、".join(after[code].label for code in value.get("successors", ()) if code in after)
        return [*lines, Line(("ended",), "停用", f"，由{labels}接续" if labels else "", "", "")]
    for name, about in properties.items():
        if content := value.get(name):
            lines.append(Line((name,), about.title, _text(about.names, content), "", ""))
    return lines


def _text(names: Mapping[str, str], content: Any) -> str:
    if content is True:
        return ""
    members = content if isinstance(content, list) else [content]
    return "：" + "、".join(names.get(str(member), str(member)) for member in members)


def title_of(known: PolicyEntry, changes: Mapping[str, Any]) -> str:
    """Return the Chinese title of an entry of policy in a hypothetical policy; for a code it names the label.

    ``changes`` are the hypothetical values by first day, in which a new code has its label.
    """
    declared = matter(known.key)
    if not isinstance(declared, CodeMatter) or declared.declared is None:
        return known.title
    values = [value for value in (*changes.values(), *(value for _, value in known.values)) if value]
    return f"{declared.declared.title}“{values[0]['label']}”" if values else known.title


def differences(known: PolicyEntry, changes: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the differences between the policy and a hypothetical one, for an entry or a code.

    ``changes`` are the hypothetical values by first day (as ``2019-09-01``). Each difference is (first day,
    Chinese name of the value, value in force on that day, hypothetical value), all texts; "" is no value.
    """
    if not is_code(known.key):
        return scenario_form.differences(known, changes)
    rows = []
    for first, value in changes.items():
        version = known.version(date.fromisoformat(first))
        before = in_words(known, version.value) if version else ""
        rows.append((first, "名称和属性", before, in_words(known, value) or "这一版不再施行"))
    return rows


def day_of(text: str, name: str) -> date:
    """Return the day that ``text`` names, as ``2019-09-01``.

    Raises :class:`PolicyError` for any other text, with a sentence that contains the Chinese ``name`` of the
    field.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise PolicyError(f"{name}无法识别。请写作2019-09-01这样的日期。") from None


def published_of(request: UserRequest) -> date | None:
    """Return the day of publication in the POST parameter ``published_on``; None where it is empty.

    Raises :class:`PolicyError` for a text that is no day.
    """
    published = request.POST.get("published_on", "").strip()
    return day_of(published, "发文日期") if published else None
