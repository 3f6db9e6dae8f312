"""The address of a figure's page, which every number on a page opens."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse


def figure_address(key: str, period: str, slice: Mapping[str, str], view: str = "figure") -> str:
    """The address of a figure's page, or of another view of the figure, for a period and a slice."""
    return f"{reverse(f'web:{view}', args=[key])}?{urlencode({'period': period, **slice})}"
