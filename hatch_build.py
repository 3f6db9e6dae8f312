"""Refuses to build a wheel without the libraries of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = Path("src/xuezheng/web/assets/package-lock.json")
VENDOR = Path("src/xuezheng/web/static/vendor")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Looks for the assets before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Refuse a wheel, except an editable one, whose assets are missing or of another lock file."""
        if version == "editable":
            return
        root = Path(self.root)
        stamp = root / VENDOR / ASSETS.name
        if not stamp.is_file() or stamp.read_bytes() != (root / ASSETS).read_bytes():
            raise RuntimeError(
                f"{VENDOR} is not filled from {ASSETS}: run “make .venv/assets” before building a wheel"
            )
