"""Matters of policy: what an area's rules need a value for, such as the boarders' allowance (``aid.boarder``).

They are declared in the area's ``policy.yaml``, without the values themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xuezheng import registry
from xuezheng.records.code_lists import code_list


class PolicyError(ValueError):
    """Policy that is invalid or cannot be used.

    The exception's text is a Chinese sentence with the place and the remedy.
    """


class _Loader(yaml.CSafeLoader):  # the safe loader in C, which every command waits for
    """Reads numbers with a decimal point as exact decimals, and refuses duplicate names."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = set()
        for key, _ in node.value:
            if key.value in names:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}”写了两次", key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


def load_yaml(text: str, place: str) -> dict[str, Any]:
    """Read the text of a YAML file that is a mapping; numbers with a decimal point become ``Decimal``.

    The result is {} for an empty text. ``place`` names the file in Chinese for messages. Raises
    :class:`PolicyError` if the text is no valid YAML, has a name twice, or is no mapping.
    """
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, ArithmeticError, RecursionError) as error:
        raise PolicyError(f"{place}不是正确的YAML：{error}。") from None
    if not isinstance(content or {}, dict):
        raise PolicyError(f"{place}应写作若干“名称: 内容”。")
    return content or {}


_CODE = re.compile(r"[a-z0-9_]{1,20}")
#: The name of the package that declares the matters of policy which several areas read.
SHARED = "policy"


@dataclass(frozen=True)
class Matter:
    """One matter of policy, without values: its key (``aid.boarder``), Chinese title and unit, such as 元/学期.

    ``by`` names the columns by which its values differ, such as ``stage``; () if there is one value for all.
    """

    key: str
    title: str
    unit: str
    by: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """The name of the area, or of the package, that declares the matter."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The key without the area: ``boarder``; ``<list>.<code>`` for a code of a code list."""
        return self.key.partition(".")[2]

    @property
    def section(self) -> str:
        """The name of the area whose section may propose versions of the matter (the office may propose any)."""
        return self.area

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts of money, written in yuan and stored in fen."""
        return self.unit.startswith("元")

    def check(self, value: Any) -> Any:
        """Return a value in the form in which it is stored; raises :class:`PolicyError` if it is invalid.

        ``value`` is a number, a text, or a mapping of them, nested once for each column in ``by``; amounts of
        money are given in yuan and returned in whole fen.
        """
        return _checked(self.key, value, len(self.by), self.is_money)


@dataclass(frozen=True)
class Property:
    """A property that codes of a list may have, for rules: its Chinese ``title`` and its possible values.

    ``words`` maps the possible values to Chinese names; or ``codes`` is the key of the code list whose codes
    are the possible values. If both are empty, the property is a flag.
    """

    title: str
    words: Mapping[str, str]
    codes: str = ""

    @property
    def names(self) -> Mapping[str, str]:
        """The Chinese names of the possible values, by value; empty for a flag."""
        return dict(code_list(self.codes).choices) if self.codes else self.words


@dataclass(frozen=True)
class DeclaredList:
    """The declaration of a code list (代码表) without its codes, which packs and the bureau provide.

    ``properties`` are the properties that its codes may have, by name. ``proposed_by`` is the area whose
    section may propose codes; "" means the area that declares the list.
    """

    key: str
    title: str
    properties: Mapping[str, Property]
    proposed_by: str = ""


#: What is written of a code beside its properties: ``place`` is its place in the list, ``successors`` replace one that ended.
_OF_A_CODE = {"label", "ended", "successors", "place"}
_LABEL_LENGTH = 40


@dataclass(frozen=True)
class CodeMatter(Matter):
    """One code of a code list as a matter of policy, with the key ``<area>.<list>.<code>``.

    The value of a version is a dict with the code's ``label`` and properties from that day on.
    """

    declared: DeclaredList | None = None

    @property
    def section(self) -> str:
        """The name of the area whose section may propose codes of the list."""
        return (self.declared and self.declared.proposed_by) or self.area

    @property
    def code(self) -> str:
        """The code itself, as fields store it."""
        return self.key.rpartition(".")[2]

    def check(self, value: Any) -> Any:
        """Return the value of a version in the form in which it is stored.

        Raises :class:`PolicyError` if it is invalid. ``value`` maps ``label`` to a Chinese text of 1 to 40
        characters, and properties to true, a number, a text or a list of texts; ``ended: true`` ends the
        code.
        """
        if not isinstance(value, Mapping) or not isinstance(value.get("label"), str):
            raise PolicyError(f"代码“{self.key}”应写明label（名称）。")
        label = value["label"].strip()
        if not 1 <= len(label) <= _LABEL_LENGTH:
            raise PolicyError(f"代码的名称“{label}”应为1至{_LABEL_LENGTH}个字。")
        known = self.declared.properties if self.declared else {}
        if unknown := value.keys() - _OF_A_CODE - known.keys():
            raise PolicyError(f"代码“{self.key}”里无法识别：{'、'.join(sorted(map(str, unknown)))}。")
        for name, content in value.items():
            if not isinstance(content, bool | int | str) and not (
                isinstance(content, list) and all(isinstance(text, str) for text in content)
            ):
                raise PolicyError(f"代码“{self.key}”的{name}应为true、文字或若干文字。")
        return {**value, "label": label}


@cache
def code_lists(area: str) -> dict[str, DeclaredList]:
    """Return the code lists that an area, or the package ``policy``, declares in its ``codes.yaml``, by name.

    Returns {} without the file. Raises :class:`PolicyError` if the file is invalid.
    """
    path = declaring_folder(area) / "codes.yaml"
    if not path.exists():
        return {}
    place = f"codes.yaml（{area}）"
    return {
        name: _declared_list(f"{area}.{name}", content)
        for name, content in load_yaml(path.read_text("utf-8"), place).items()
    }


def all_code_lists() -> dict[str, DeclaredList]:
    """Return the declaration of every code list by its key (``policy.hardship``)."""
    return {known.key: known for area in declaring() for known in code_lists(area).values()}


def _declared_list(key: str, content: Any) -> DeclaredList:
    if not isinstance(content, Mapping) or "title" not in content:
        raise PolicyError(f"代码表“{key}”缺少title。")
    if unknown := content.keys() - {"title", "properties", "proposed_by"}:
        raise PolicyError(f"代码表“{key}”写了{'、'.join(sorted(map(str, unknown)))}：代码写在政策包里。")
    properties = {
        name: Property(about, {})
        if isinstance(about, str)
        else Property(about["title"], about.get("words", {}), about.get("codes", ""))
        for name, about in (content.get("properties") or {}).items()
    }
    return DeclaredList(key, content["title"], properties, content.get("proposed_by", ""))


@cache
def matters(area: str) -> dict[str, Matter]:
    """Return the matters that an area, or the package ``plans`` or ``policy``, declares, by name without the area.

    Returns {} without a ``policy.yaml``. Codes of code lists are not included. Raises :class:`PolicyError` if
    the file is invalid.
    """
    path = declaring_folder(area) / "policy.yaml"
    return read_matters(path.read_text("utf-8"), area) if path.exists() else {}


def read_matters(text: str, area: str) -> dict[str, Matter]:
    """Return the matters declared in ``text``, the content of an area's ``policy.yaml``, by name.

    Raises :class:`PolicyError` if invalid.
    """
    return {
        name: _matter(f"{area}.{name}", content)
        for name, content in load_yaml(text, f"policy.yaml（{area}）").items()
    }


def declaring_folder(area: str) -> Path:
    """Return the folder with the policy declarations of an area, or of the package ``plans`` or ``policy``.

    The area's ``policy.yaml``, ``codes.yaml`` and ``start.yaml`` are there, if it has them.
    """
    return registry.folder(area) if area in registry.areas() else Path(__file__).parents[1] / area


def declaring() -> list[str]:
    """Return the names of all areas, then of the packages that declare matters of policy: ``plans`` and ``policy``.

    The matters of ``policy`` are shared by several areas.
    """
    return [*registry.areas(), "plans", SHARED]


def matter(key: str) -> Matter:
    """Return the matter with a key: ``aid.boarder``, or ``policy.hardship.orphan`` for a code of a code list.

    The list of a code must be declared, the code itself need not exist. Raises :class:`PolicyError` for a key
    that is not declared, or a code that is not 1 to 20 small letters, digits and underscores.
    """
    area, _, name = key.partition(".")
    listed, _, code = name.partition(".")
    if code and area in declaring() and listed in code_lists(area):
        if not _CODE.fullmatch(code):
            raise PolicyError(f"代码“{code}”应为小写字母、数字和下划线，不超过20个。")
        declared = code_lists(area)[listed]
        return CodeMatter(key, f"{declared.title}“{code}”", "代码", (), declared)
    if area not in declaring() or name not in matters(area):
        raise PolicyError(f"没有政策“{key}”。请写作“业务.名称”，如 aid.boarder。")
    return matters(area)[name]


def is_code(key: str) -> bool:
    """Return whether a key is that of a code of a code list.

    Raises :class:`PolicyError` for a key that is not declared.
    """
    return isinstance(matter(key), CodeMatter)


def _matter(key: str, content: Any) -> Matter:
    if not isinstance(content, Mapping):
        raise PolicyError(f"政策“{key}”应写作若干“名称: 内容”。")
    if missing := {"title", "unit"} - content.keys():
        raise PolicyError(f"政策“{key}”缺少：{'、'.join(sorted(missing))}。")
    if unknown := content.keys() - {"title", "unit", "by"}:
        raise PolicyError(f"政策“{key}”写了{'、'.join(sorted(map(str, unknown)))}：标准的值写在政策包里。")
    by = content.get("by", ())
    return Matter(key, content["title"], content["unit"], (by,) if isinstance(by, str) else tuple(by))


def _checked(key: str, value: Any, depth: int, money: bool) -> Any:
    if isinstance(value, Mapping):
        if depth == 0:
            raise PolicyError(f"政策“{key}”的分档层数多于by所列。")
        return {str(name): _checked(key, below, depth - 1, money) for name, below in value.items()}
    if isinstance(value, bool) or (
        not isinstance(value, int | Decimal) and (money or not isinstance(value, str))
    ):
        raise PolicyError(f"政策“{key}”的值“{value}”不是{'金额' if money else '数或文字'}。")
    if not money:
        return value
    fen = Decimal(value) * 100
    if fen != int(fen):
        raise PolicyError(f"政策“{key}”的金额{value}元不是整分。")
    return int(fen)


def read_day(key: str, written: Any) -> date:
    """Return the first day of a version from its form in a pack's file.

    This is a ``date``, or a term as ``2024H1`` (spring) or ``2024H2`` (autumn). For a term it is the earliest
    day on which the term may begin: 1 February or 1 August. ``key`` names the policy in messages. Raises
    :class:`PolicyError` for anything else.
    """
    if type(written) is date:
        return written
    year, half = str(written)[:4], str(written)[4:]
    if year.isdigit() and half in _EARLIEST:
        return date(int(year), _EARLIEST[half], 1)
    raise PolicyError(f"政策“{key}”的施行时间“{written}”应写作日期2019-09-01，或学期2019H2（2019年秋季）。")


_EARLIEST = {"H1": 2, "H2": 8}
