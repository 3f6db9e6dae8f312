"""The addresses of the pages of figures."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse


def figure_address(key: str, period: str, slice: Mapping[str, str], view: str = "figure") -> str:
    """Return the address of a figure's page for a period and a slice (member by dimension).

    ``key`` is the figure's key, ``period`` the period's, as 2019H1; ``view`` is the name of another view of the figure.
    """
    return f"{reverse(f'web:{view}', args=[key])}?{urlencode({'period': period, **slice})}"
