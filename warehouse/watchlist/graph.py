"""The networks of a release as GraphML, for people who draw them.

In: active entries and the links between sellers. Out: GraphML bytes.

Invariants: only listed sellers and indicators are nodes, so the picture says nothing of anybody who is not listed. Nodes
and edges are sorted; the same list gives the same bytes.
"""

from __future__ import annotations

import io
import re

import networkx as nx
import polars as pl

from warehouse.watchlist import rules

#: Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    picture = nx.Graph()
    listed = entries.drop_nulls("network_id").sort("entity", "value")
    for row in listed.iter_rows(named=True):
        columns = (
            "entity",
            "entry_id",
            "display_name",
            "network_id",
            "scam_probability",
        )
        known = {name: row[name] for name in columns if row[name] is not None}
        picture.add_node(
            _node(row["entity"], row["value"]),
            **{
                name: _xml(value) if isinstance(value, str) else value
                for name, value in known.items()
            },
        )
    names = list(picture.nodes)
    among = edges.filter(pl.col("src").is_in(names), pl.col("dst").is_in(names))
    for src, dst, weight, evidence in (
        among.select("src", "dst", "weight", "evidence").sort("src", "dst").rows()
    ):
        picture.add_edge(src, dst, link="shares", weight=weight)
        for item in sorted(evidence, key=lambda item: (item["kind"], item["value"])):
            shared = _node(item["kind"], item["value"])
            if shared in picture:
                picture.add_edge(src, shared, link="shows")
                picture.add_edge(dst, shared, link="shows")
    out = io.BytesIO()
    nx.write_graphml_xml(picture, out, prettyprint=True)
    return out.getvalue() + b"\n"


def _node(entity: str, value: str) -> str:
    return _xml(value) if entity == rules.SELLER else f"{entity}:{_xml(value)}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
