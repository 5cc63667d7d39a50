"""Tables that notebooks show in place of a long text."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

TABLE = """<table>
<caption>{{ caption }}</caption>
{% if head %}<thead><tr>{% for cell in head %}<th>{{ cell }}</th>{% endfor %}</tr></thead>
{% endif %}<tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table>"""


@functools.cache
def _template() -> Any:
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(TABLE)


def html_table(caption: str, rows: Iterable[Sequence[object]], head: Sequence[str] = ()) -> str:
    """Return a table as HTML, whatever is in its cells escaped.

    Args:
        caption: a line above it.
        rows: the cells of each.
        head: titles of columns.
    """
    return str(_template().render(caption=caption, rows=list(rows), head=head))
