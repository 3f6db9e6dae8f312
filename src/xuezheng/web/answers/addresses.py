"""The addresses of the pages of figures."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse


def figure_address(key: str, period: str, slice: Mapping[str, str], view: str = "figure") -> str:
    """Return the address of a figure's page for a period and a slice.

    ``key`` is the key of the figure, ``period`` that of the period, as ``2019H1``; ``slice`` maps dimensions
    to members. ``view`` is the name of the URL pattern in the namespace ``web``, for example ``figure_sql``.
    """
    return f"{reverse(f'web:{view}', args=[key])}?{urlencode({'period': period, **slice})}"
