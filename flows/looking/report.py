"""A network as one HTML file for people without this program: members, picture, links, losses, complaints, history.

In: what ``dossier`` says of a network. Out: HTML that loads nothing, runs nothing and links nowhere.

Invariants: every value is escaped, because sellers choose their names; the same snapshot gives the same bytes.
"""

from __future__ import annotations

import html
from datetime import datetime
from typing import TYPE_CHECKING, Any

import networkx as nx

from flows import home
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Row = dict[str, Any]

#: Headings in their order, and the columns shown.
SECTIONS = (
    ("members", "Members", ("seller_id", "name", "role", "scam_probability", "band", "offer_count", "max_fee_yuan")),
    ("falls_apart", "What it falls apart without", ("what", "sellers", "parts", "verdict")),
    ("edges", "Strongest links", ("src", "dst", "weight", "evidence")),
    ("indicators", "Indicators", ("kind", "value", "seller_count", "post_count", "first_seen_at", "last_seen_at")),
    ("complaints", "Complaints", ("post_id", "target", "amount_yuan", "link_reason", "link_confidence")),
    ("changes", "History", ("run_id", "network_id", "event", "detail")),
)  # fmt: skip
#: More nodes are a hairball.
MAX_DRAWN = 120
SIZE = 720
_LAYOUT_SEED = 7

_NOTE = (
    "A probability says how likely accounts run an agency-fee solicitation of the scam kind. It claims no proved fraud. "
    "People decide; every link names its evidence."
)
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; vertical-align: top; }
svg { width: 100%; height: auto; border: 1px solid #ddd; }
.note { color: #555; }
"""


def page(found: Row) -> str:
    """The HTML of a network.

    Args:
        found: As from ``dossier.dossier`` for a network.

    Raises:
        InputError: it is no network.
    """
    if found["kind"] != "network":
        message = f"A report is of a network, and this is a {found['kind']}. `puppetwatch explain` shows it."
        raise errors.InputError(message)
    network = found["network"]
    title = f"{network['display_name']} ({network['network_id']})"
    facts = "".join(
        f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>"
        for name, value in network.items()
        if value is not None
    )
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_text(title)}</h1>",
        f'<p class="note">{_NOTE}</p>',
        f"<table>{facts}</table>",
        _picture(found["members"], found["edges"]),
    ]
    for name, heading, columns in SECTIONS:
        parts.append(f"<h2>{heading} ({len(found[name])})</h2>")
        parts.append(_table(found[name], columns))
    return "\n".join([*parts, "</body></html>", ""])


def write(found: Row, path: Path) -> None:
    """Write the page in one piece; an older file of that name is replaced."""
    home.write_atomically(path, page(found))


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    if not rows:
        return '<p class="note">None.</p>'
    head = "".join(f"<th>{_text(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_text(row[name])}</td>" for name in columns) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _picture(members: Sequence[Row], edges: Sequence[Row]) -> str:
    """The strongest links as SVG; nothing for a network too large to be read."""
    graph = nx.Graph()
    graph.add_edges_from((row["src"], row["dst"]) for row in edges)
    if not graph or len(graph) > MAX_DRAWN:
        return ""
    names = {row["seller_id"]: row["name"] or row["seller_id"] for row in members}
    places = nx.spring_layout(graph, seed=_LAYOUT_SEED)
    # Rounded: the same picture on every machine.
    spots = {
        node: tuple(round(float(SIZE / 2 + 0.42 * SIZE * at), 1) for at in spot)
        for node, spot in places.items()
    }
    lines = "".join(
        f'<line x1="{spots[src][0]}" y1="{spots[src][1]}" x2="{spots[dst][0]}" y2="{spots[dst][1]}" stroke="#999"/>'
        for src, dst in sorted(graph.edges)
    )
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="6" fill="#b3392f"/><text x="{x + 9}" y="{y + 4}" font-size="12">'
        f"{_text(names.get(node, node))}</text>"
        for node, (x, y) in sorted(spots.items())
    )
    return f'<svg viewBox="0 0 {SIZE} {SIZE}" role="img" aria-label="Strongest links">{lines}{dots}</svg>'


def _text(value: object) -> str:
    """A value as escaped text."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return _text(f"{value.get('kind')}:{value.get('value')}")
    return html.escape(str(value))
