"""Export of the bureau's own versions as a policy pack.

The pack is a folder that another bureau, or a later installation, can adopt.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from xuezheng.core.atomic_files import write_whole
from xuezheng.policy.declarations import Matter, PolicyError, matter
from xuezheng.policy.kept import as_version
from xuezheng.policy.models import LocalVersion
from xuezheng.records.models import District


class _Dumper(yaml.SafeDumper):
    """Writes exact decimals as numbers."""


def _write_decimal(dumper: _Dumper, value: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")


_Dumper.add_representer(Decimal, _write_decimal)


def export_local_versions(folder: Path) -> int:
    """Write the bureau's own approved versions as a policy pack of county level to ``folder``, which is created.

    Returns the number of versions. Raises :class:`PolicyError` if the folder exists or there are no approved
    versions.
    """
    if folder.exists():
        raise PolicyError(f"文件夹{folder}已经存在。请换一个名称。")
    files: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    versions = LocalVersion.objects.filter(state=LocalVersion.State.APPROVED).order_by("key", "first")
    for local in versions:
        known = matter(local.key)
        files[known.area][known.name].append(_written(known, local))
    if not files:
        raise PolicyError("本局还没有批准过自己的标准，没有什么可导出。")
    district = District.objects.get()
    folder.mkdir(parents=True)
    about = {
        "title": f"{district.name}的标准",
        "level": "county",
        "division": district.code,
        "edition": str(timezone.localdate()),
    }
    write_whole(folder / "pack.yaml", _yaml(about))
    for area, entries in files.items():
        write_whole(
            folder / f"{area}.yaml", _yaml({name: list(written) for name, written in entries.items()})
        )
    return len(versions)


def _written(known: Matter, local: LocalVersion) -> dict[str, Any]:
    version = as_version(local)
    written: dict[str, Any] = {"from": version.first, "source": version.source, "grade": version.grade}
    if version.published_on:
        written["published"] = version.published_on
    return written | {"value": _plain(known, version.value)}


def _plain(known: Matter, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(known, below) for key, below in value.items()}
    return Decimal(value) / 100 if known.is_money and value is not None else value


def _yaml(content: Any) -> bytes:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False).encode()
