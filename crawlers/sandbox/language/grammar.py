"""The grammar's engine: templates are compiled once and written out with the truth of what was written.

A template is text with ``{a|b|c}`` for alternatives (they nest, one may be empty) and ``<name>`` for slots. A bank is a
list of clauses, one a line; a line may begin with what it claims, ``fomo,urgency :: text``: each name is a signal of
CONTRACT §9, with ``-`` before it where the clause denies it. Lines that begin with ``##`` are comments.

Invariant: whatever a slot plants (a contact, a sum) is one piece of the output that no later step changes except
character by character, so its written form stands in the finished text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

TOKEN = re.compile(r"[{}|]|<[a-z_0-9]+>")


class Slot(str):
    """The name of something that is filled in when a text is written."""

    __slots__ = ()


#: ``str``: itself. ``Slot``: filled in. ``tuple``: one after the other. ``list``: one of them.
Node = str | Slot | tuple["Node", ...] | list["Node"]


class Claim(NamedTuple):
    """A signal that a clause carries; ``is_denied`` where the clause denies it."""

    signal: str
    is_denied: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of a bank."""

    claims: tuple[Claim, ...]
    node: Node


def parse(template: str) -> Node:
    """Compile a template.

    Raises:
        ValueError: braces do not match.
    """
    # Each level of the stack is a list of alternatives, each alternative a list of nodes.
    stack: list[list[list[Node]]] = [[[]]]
    position = 0
    for match in TOKEN.finditer(template):
        if match.start() > position:
            stack[-1][-1].append(template[position : match.start()])
        position = match.end()
        mark = match.group()
        if mark == "{":
            stack.append([[]])
        elif mark == "|" and len(stack) > 1:
            stack[-1].append([])
        elif mark == "|":
            stack[-1][-1].append(mark)
        elif mark == "}":
            if len(stack) == 1:
                message = f"Template {template!r}: a brace closes that was never opened at {match.start()}."
                raise ValueError(message)
            alternatives: Node = [_joined(nodes) for nodes in stack.pop()]
            stack[-1][-1].append(alternatives)
        else:
            stack[-1][-1].append(Slot(mark[1:-1]))
    if len(stack) != 1:
        message = f"Template {template!r}: {len(stack) - 1} braces are open at the end."
        raise ValueError(message)
    if position < len(template):
        stack[-1][-1].append(template[position:])
    return _joined(stack[0][0])


def _joined(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else tuple(nodes)


def bank(lines: str) -> tuple[Clause, ...]:
    """Compile a bank, one clause a line. A backslash and an n stand for a line break."""
    clauses = []
    for line in lines.strip().splitlines():
        text = line.strip()
        if not text or text.startswith("##"):
            continue
        claims: tuple[Claim, ...] = ()
        if " :: " in text:
            names, text = text.split(" :: ", 1)
            claims = tuple(
                Claim(name.strip().removeprefix("-"), name.strip().startswith("-"))
                for name in names.split(",")
            )
        clauses.append(Clause(claims, parse(text.replace("\\n", "\n"))))
    return tuple(clauses)


def words(text: str) -> list[str]:
    """A word list from text, separated by white space."""
    return text.split()


def slots(node: Node) -> set[str]:
    """The names of all slots below a node."""
    if isinstance(node, Slot):
        return {str(node)}
    if isinstance(node, str):
        return set()
    return set().union(*(slots(child) for child in node))
