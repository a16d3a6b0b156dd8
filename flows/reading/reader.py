"""What is read from one text, for a person: contacts, amounts, signals, stance, with the spans marked in the text."""

from __future__ import annotations

import math
import sys
from typing import Any

import polars as pl

from features import pack as pack_module
from features import reading
from flows import log
from warehouse import contracts

#: Colour by what a span is, as ANSI codes.
COLOURS = {
    "contact": "36",
    "amount": "33",
    "asserted": "31",
    "quoted": "34",
    "negated": "32",
}


def read_text(text: str, *, pack_name: str) -> dict[str, Any]:
    """Read one text as a post without a title, by wording alone (no account, no platform).

    Returns:
        ``is_on_topic``, ``stance``, ``stance_probability``, ``stance_probabilities`` (of all five) and the rows of ``contacts``, ``amounts`` and ``signals``;
        spans are character offsets in the text.
    """
    pack = pack_module.load_pack(pack_name)
    documents = pl.DataFrame(
        {"doc_id": ["text"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(documents, pack=pack)
    stance = found.stances.row(0, named=True)
    odds = {
        name: stance[name]
        for name in ("offer", "vendor", "report", "complaint", "other")
    }
    highest = max(odds.values())
    weights = {name: math.exp(each - highest) for name, each in odds.items()}
    best = max(weights, key=lambda name: weights[name])
    return {
        "is_on_topic": stance["is_on_topic"],
        "stance": best,
        "stance_probability": round(weights[best] / sum(weights.values()), 4),
        "stance_probabilities": {
            name: round(weight / sum(weights.values()), 4)
            for name, weight in weights.items()
        },
        "contacts": _rows(found.contacts),
        "amounts": _rows(found.amounts),
        "signals": _rows(found.signals),
    }


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    money = [name for name in ("yuan", "yuan_max") if name in frame.columns]
    return (
        frame.drop("doc_id", "field")
        .with_columns(pl.col(money).cast(pl.Float64))
        .sort("span_start")
        .to_dicts()
    )


def render(text: str, found: dict[str, Any]) -> str:
    """What was read, for a terminal: the text with its spans marked, then one line per finding."""
    lines = [
        _marked(text, found),
        "",
        f"stance   {found['stance']} ({found['stance_probability']:.0%})"
        + ("" if found["is_on_topic"] else ", not about the pack's trade"),
    ]
    others = sorted(
        (item for item in found["stance_probabilities"].items() if item[0] != found["stance"]),
        key=lambda item: -item[1],
    )  # fmt: skip
    lines.append(
        "         " + ", ".join(f"{name} {chance:.0%}" for name, chance in others)
    )
    lines += [
        f"contact  {each['kind']} {each['value']} ({each['ownership']}, {each['confidence']:.2f})  <- {each['raw']!r}"
        for each in found["contacts"]
    ]
    for each in found["amounts"]:
        upper = f"-{each['yuan_max']:,.0f}" if each["yuan_max"] is not None else ""
        about = "about " if each["is_approximate"] else ""
        period = "" if each["period"] == "none" else f" a {each['period']}"
        lines.append(
            f"amount   {about}{each['yuan']:,.0f}{upper} yuan{period}: {each['role']} ({each['voice']})  <- {each['span_text']!r}"
        )
    lines += [
        f"signal   {each['signal']} ({each['voice']})  <- {each['span_text']!r}"
        for each in found["signals"]
    ]
    return "\n".join(lines)


def _marked(text: str, found: dict[str, Any]) -> str:
    """The text with findings coloured on a terminal, bracketed elsewhere."""
    spans = [
        (each["span_start"], each["span_end"], COLOURS["contact"])
        for each in found["contacts"]
    ]
    spans += [
        (each["span_start"], each["span_end"], COLOURS["amount"])
        for each in found["amounts"]
    ]
    spans += [
        (each["span_start"], each["span_end"], COLOURS[each["voice"]])
        for each in found["signals"]
    ]
    marked, done = "", 0
    for start, end, colour in sorted(spans):
        if start < done:
            continue
        opening, closing = (
            (f"\x1b[{colour};4m", "\x1b[0m") if sys.stdout.isatty() else ("[", "]")
        )
        marked += f"{log.visible(text[done:start])}{opening}{log.visible(text[start:end])}{closing}"
        done = end
    return marked + log.visible(text[done:])
