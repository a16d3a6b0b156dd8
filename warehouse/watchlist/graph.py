"""The networks of a release as GraphML, for people who draw them.

In: active entries and the links between sellers. Out: GraphML bytes.

Invariants: only listed sellers and indicators are nodes, so the picture says nothing of anybody who is not listed. Nodes
and edges are sorted; the same list gives the same bytes.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import polars as pl

from warehouse.watchlist.listing import rules

#: Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: What XML would not give back inside an attribute as it was.
_IN_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#09;"}

_HEAD = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""

_SAID = ("entity", "entry_id", "display_name", "network_id", "scam_probability")


def graphml(entries: pl.DataFrame, edges: pl.DataFrame) -> bytes:
    """Listed sellers and indicators that are linked with each other.

    Args:
        entries: contracts.WATCHLIST, active entries only.
        edges: contracts.EDGES.

    Returns:
        GraphML. Nodes are the entries of networks: a seller under its id, an indicator under ``kind:value``, with
        ``entity``, ``entry_id``, ``display_name``, ``network_id``, ``scam_probability`` where known. Edges join two
        sellers (``link`` is ``shares``, with ``weight``), and a seller with an indicator that links it to another
        (``link`` is ``shows``).
    """
    listed = entries.drop_nulls("network_id").sort("entity", "value")
    nodes = {
        _node(row[0], value): {
            name: _xml(said) if isinstance(said, str) else said
            for name, said in zip(_SAID, row, strict=True)
            if said is not None
        }
        for value, *row in listed.select("value", *_SAID).rows()
    }
    near: dict[str, dict[str, dict[str, object]]] = {name: {} for name in nodes}
    names = list(nodes)
    among = edges.filter(pl.col("src").is_in(names), pl.col("dst").is_in(names))
    for src, dst, weight, evidence in (
        among.select("src", "dst", "weight", "evidence").sort("src", "dst").rows()
    ):
        near[src][dst] = near[dst][src] = {"link": "shares", "weight": weight}
        for item in sorted(evidence, key=lambda item: (item["kind"], item["value"])):
            shared = _node(item["kind"], item["value"])
            if shared in nodes:
                for seller in (src, dst):
                    near[seller][shared] = near[shared][seller] = {"link": "shows"}
    return _document(nodes, near).encode()


def _document(
    nodes: dict[str, dict[str, object]], near: dict[str, dict[str, dict[str, object]]]
) -> str:
    """The file; a key's number follows from where its data stand first. Libraries that build a tree took ten times as long."""
    keys: dict[tuple[str, str, str], int] = {}
    shown = {name: _attribute(name) for name in nodes}
    body = [
        _element(f'node id="{shown[name]}"', "node", said, keys)
        for name, said in nodes.items()
    ]
    place = {name: number for number, name in enumerate(nodes)}
    body += [
        _element(f'edge source="{shown[src]}" target="{shown[dst]}"', "edge", said, keys)
        for src, beside in near.items()
        for dst, said in beside.items()
        if place[src] <= place[dst]
    ]  # fmt: skip
    declared = [
        f'  <key id="d{number}" for="{scope}" attr.name="{name}" attr.type="{kind}" />\n'
        for (name, kind, scope), number in reversed(keys.items())
    ]
    graph = ['  <graph edgedefault="undirected">\n', *body, "  </graph>\n"] if body else ['  <graph edgedefault="undirected" />\n']  # fmt: skip
    return "".join([_HEAD, *declared, *graph, "</graphml>\n\n"])


def _element(
    tag: str, scope: str, said: dict[str, object], keys: dict[tuple[str, str, str], int]
) -> str:
    lines = []
    for name, value in said.items():
        kind = "string" if isinstance(value, str) else "double"
        number = keys.setdefault((name, kind, scope), len(keys))
        text = escape(value) if isinstance(value, str) else repr(value)
        lines.append(f'      <data key="d{number}">{text}</data>\n')
    return f"    <{tag}>\n{''.join(lines)}    </{scope}>\n"


def _attribute(text: str) -> str:
    return escape(text, _IN_ATTRIBUTE)


def _node(entity: str, value: str) -> str:
    return _xml(value) if entity == rules.SELLER else f"{entity}:{_xml(value)}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
