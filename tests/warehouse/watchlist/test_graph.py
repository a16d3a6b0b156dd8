"""The networks of a release as GraphML."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import networkx as nx

from warehouse.watchlist import (
    facts,
    graph,
)
from warehouse.watchlist.listing import entries


def test_graph_shows_listed_sellers_and_contacts_and_nobody_else(write):
    found = nx.read_graphml(write() / "networks.graphml")
    assert set(found.nodes) == {"douyin:szr1", "douyin:szr2", "wechat:szr_demo_01"}
    assert {frozenset(pair) for pair in found.edges} == {
        frozenset(("douyin:szr1", "douyin:szr2")),
        frozenset(("douyin:szr1", "wechat:szr_demo_01")),
        frozenset(("douyin:szr2", "wechat:szr_demo_01")),
    }


def test_graph_with_control_characters_in_names_is_still_xml(market, edges, night):
    odd = [
        row | {"name": "示例\x00\x0b<&\ufffe"} for row in market()["sellers"].to_dicts()
    ]
    listed = facts.active(entries.entries(**market(sellers=odd)).watchlist)
    ET.fromstring(graph.graphml(listed, edges))


def test_graph_has_the_bytes_that_the_library_writes(write, market):
    odd = [row | {"name": '示例"<&>\n\t'} for row in market()["sellers"].to_dicts()]
    for directory in (write(), write(sellers=odd)):
        found = (directory / "networks.graphml").read_bytes()
        again = io.BytesIO()
        nx.write_graphml_xml(
            nx.read_graphml(io.BytesIO(found)), again, prettyprint=True
        )
        assert again.getvalue() + b"\n" == found
