"""Sphinx's configuration: ``make site`` builds these pages into ``dist/site``, a folder that opens without server or internet."""

import re

from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese

project = "学政 Xuezheng"
html_title = project
language = "zh_CN"
extensions = ["myst_parser"]
exclude_patterns = ["_site"]
myst_heading_anchors = 3
html_theme = "furo"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_permalinks = False
# The search would fetch every page that it finds, which a browser refuses where pages are files.
html_show_search_summary = False

_CHINESE = "\u4e00-\u9fff"


class SearchInPairs(SearchChinese):
    """Splits Chinese into pairs of characters, in pages and in what is searched for, so that no dictionary is needed."""

    # By this name the script of the page knows the stemmer, which is that for English.
    language_name = "English"
    js_splitter_code = f"""
function splitQuery(query) {{
  const terms = [];
  for (const run of query.match(/[{_CHINESE}]+|[a-zA-Z0-9_]+/g) || []) {{
    if (!/[{_CHINESE}]/.test(run) || run.length < 3) terms.push(run);
    else for (let place = 0; place < run.length - 1; place++) terms.push(run.slice(place, place + 2));
  }}
  return terms;
}}
"""

    def split(self, input: str) -> list[str]:
        """Return the Latin words and the pairs of Chinese characters of a text."""
        runs = re.findall(f"[{_CHINESE}]+", input)
        pairs = [run[place : place + 2] for run in runs for place in range(max(1, len(run) - 1))]
        return [*super().split(input), *pairs]


def setup(app: Sphinx) -> None:
    """Replace Sphinx's own search of Chinese, which wants a dictionary."""
    app.add_search_language(SearchInPairs)
