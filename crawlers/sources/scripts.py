"""Values that a page's scripts assign, read from their text and never run.

In: script text, any. Out: the first literal of an assignment, or an object of literals; expressions around a literal
(``JsDecode('…')``, ``'1' * 1``, ``"" || "x"``) are looked through, everything else is stepped over. Nothing here raises,
and time is linear in the text: strings end with their line, objects after a fixed number of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

_COMMENT: Final = r"(?P<comment>//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?)"
#: Strings (a closed one, or the rest of the line), names, numbers, and the signs that structure a value.
_PARTS: Final = r"""
    (?P<string>"(?:[^"\\\n]++|\\.)*+"?|'(?:[^'\\\n]++|\\.)*+'?|`(?:[^`\\]++|\\.)*+`?)
    |(?P<name>[A-Za-z_$][\w$]*+)
    |(?P<number>\d[\d.]*+)
    |(?P<sign>[{}\[\]():,;*\n])
"""
_TOKEN = re.compile(f"{_COMMENT}|{_PARTS}", re.VERBOSE | re.DOTALL)
#: Without comments: an open one in each of many statements would be read to the end of the text every time.
_STATEMENT = re.compile(_PARTS, re.VERBOSE | re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\n)|(.))",
    re.DOTALL,
)
_LETTERS: Final = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "",
}
_PAIRS: Final = {"{": "}", "[": "]", "(": ")"}
#: A real block of page data has some thousand tokens, a statement a handful.
_MAX_BLOCK: Final = 50_000
_MAX_STATEMENT: Final = 40
_MAX_DEPTH: Final = 64


def variables(script: str, names: Iterable[str]) -> dict[str, str]:
    """What ``var NAME = …`` and ``window.NAME = …`` assign.

    Args:
        script: Script text.
        names: Which variables.

    Returns:
        Name to the first literal in its statements that is not blank; names without one are missing.
    """
    wanted = "|".join(re.escape(name) for name in names)
    found: dict[str, str] = {}
    for place in re.finditer(
        rf"\b(?:var\s|let\s|const\s|window\.)\s*({wanted})\s*=(?!=)", script
    ):
        if place[1] not in found and (value := _statement(script, place.end())):
            found[place[1]] = value
    return found


def _statement(script: str, start: int) -> str | None:
    """The first literal up to the end of a statement that is not blank."""
    for count, token in enumerate(_STATEMENT.finditer(script, start)):
        if count > _MAX_STATEMENT or token["sign"] in {";", "\n"}:
            return None
        if token["string"] and (value := unquoted(token["string"])).strip():
            return value
        if token["number"]:
            return token["number"]
    return None


def block(script: str, name: str) -> Any:  # noqa: ANN401 (a literal has no narrower type)
    """The object or list that is assigned to ``window.NAME`` or ``var NAME``.

    Returns:
        Dicts and lists of texts (numbers as their digits); null where there is none. Of a key that stands twice in one
        object the first value that is not blank counts.
    """
    opening = re.search(
        rf"\b(?:var\s+|window\.){re.escape(name)}\s*=\s*(?=[{{\[])", script
    )
    return _literal(_TOKEN.finditer(script, opening.end())) if opening else None


class _Frame:
    """One open bracket: where literals inside it go."""

    def __init__(self, value: dict[str, Any] | list[Any] | None, closing: str) -> None:
        self.value = value
        self.closing = closing
        self.key: str | None = None
        self.is_open = isinstance(value, list)

    def put(self, value: Any) -> None:  # noqa: ANN401 (a literal has no narrower type)
        """Keep a literal where one is due; a blank one leaves room for what ``||`` puts after it."""
        if not self.is_open:
            return
        if isinstance(self.value, list):
            self.value.append(value)
            self.is_open = False
        elif isinstance(self.value, dict) and self.key is not None:
            if not self.value.get(self.key):
                self.value[self.key] = value
            self.is_open = value == ""


def _literal(tokens: Iterator[re.Match[str]]) -> Any:  # noqa: ANN401
    stack: list[_Frame] = []
    root: Any = None
    last = ""
    for count, token in enumerate(tokens):
        if count > _MAX_BLOCK or len(stack) > _MAX_DEPTH:
            break
        if token["comment"] or token[0] == "\n":
            continue
        sign, before, last = token["sign"], last, token[0]
        if sign in _PAIRS:
            # ``a[0]`` and ``f(x){`` open brackets that hold no data.
            is_data = (
                sign != "("
                and not (sign == "[" and _ends_value(before))
                and before != ")"
            )
            value: Any = None if not is_data else {} if sign == "{" else []
            if sign == "(" and stack:
                # A call's arguments belong to the value that the call stands for.
                stack.append(_Call(stack[-1]))
                continue
            if stack and value is not None:
                stack[-1].put(value)
            elif not stack:
                root = value
            stack.append(_Frame(value, _PAIRS[sign]))
        elif sign in {"}", "]", ")"}:
            if stack and stack[-1].closing == sign:
                stack.pop()
            if not stack:
                break
        elif stack:
            _step(stack[-1], token, before)
    return root


def _ends_value(text: str) -> bool:
    return (
        text in {")", "]"} or text[-1:].isalnum() or text[-1:] in {"_", "$", "'", '"'}
    )


def _step(frame: _Frame, token: re.Match[str], before: str) -> None:
    """One token inside a bracket that opens and closes none."""
    sign = token["sign"]
    if sign == ":":
        if not isinstance(frame, _Call) and isinstance(frame.value, dict) and before:
            frame.key, frame.is_open = unquoted(before), True
    elif sign == ",":
        if not isinstance(frame, _Call):
            frame.is_open = isinstance(frame.value, list)
    elif sign == "*":
        frame.is_open = False
    elif token["string"]:
        frame.put(unquoted(token["string"]))
    elif token["number"]:
        frame.put(token["number"])


class _Call(_Frame):
    """Parentheses: their first literal is the value of what holds them."""

    def __init__(self, outer: _Frame) -> None:
        super().__init__(None, ")")
        self.outer = outer

    def put(self, value: Any) -> None:  # noqa: ANN401
        """Hand the literal outwards."""
        self.outer.put(value)


def unquoted(literal: str) -> str:
    """Text of a string literal, escapes resolved; what is not quoted comes back as it is."""
    if literal[:1] not in {'"', "'", "`"}:
        return literal
    inner = (
        literal[1:-1] if len(literal) > 1 and literal[-1] == literal[0] else literal[1:]
    )
    if "\\" not in inner:
        return inner
    text = _ESCAPE.sub(_unescaped, inner)
    # Characters beyond 16 bits are written as two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(found: re.Match[str]) -> str:
    two, four, braced, newline, letter = found.groups()
    if newline:
        return ""
    if letter:
        return _LETTERS.get(letter, letter)
    number = int(two or four or braced, 16)
    return chr(number) if number < 0x110000 else "\ufffd"
