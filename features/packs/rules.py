"""Rules of a pack: what speaks for and against a seller, and what platforms and the state forbid from which day on.

In: the tables ``[[rules]]`` and ``[[policies]]``. Out: ``Rule`` and ``Policy``. Invariants: a rule compares features of
the catalogue, a policy has a first day in China; names are there once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Final, Literal, cast

from features import catalogue
from features.matching import patterns

if TYPE_CHECKING:
    from features.packs import tables as tables_module

#: Dates of rules are Chinese calendar days.
_CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_OPERATORS: Final = ("<", "<=", ">", ">=", "==", "!=")

Operator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one seller feature with a number; a null feature never meets it."""

    feature: str
    op: Operator
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A labelling rule: it votes when all its conditions are met, else it abstains.

    Attributes:
        name: Stable name.
        family: Reason family (catalogue.FAMILIES).
        votes: The label it argues for.
        when: At least one condition.
        text_zh: What it says of a seller, Chinese.
        text_en: The same in English.
    """

    name: str
    family: str
    votes: Literal["scam", "honest"]
    when: tuple[Condition, ...]
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A dated rule of a platform or the state.

    Attributes:
        rule_id: Stable id; matches of its own patterns have the target ``policy:<rule_id>``.
        title: Name of the rule with what it says.
        platforms: Platform slugs it binds; empty for all.
        in_force_from: First moment of its first day, UTC.
        signals: Signals that contradict it when asserted.
    """

    rule_id: str
    title: str
    platforms: tuple[str, ...]
    in_force_from: datetime
    signals: tuple[str, ...]


def rules(tables: tables_module.Tables) -> tuple[Rule, ...]:
    """The labelling rules."""
    found: list[Rule] = []
    for index, _ in enumerate(tables.array("rules")):
        path = ("rules", index)
        tables.only(path, ("name", "family", "votes", "when", "text_zh", "text_en"))
        name = tables.text(*path, "name")
        if name in {rule.name for rule in found}:
            tables.source.fail((*path, "name"), f"there is another rule {name!r}")
        found.append(
            Rule(
                name=name,
                family=tables.one_of(catalogue.FAMILIES, *path, "family"),
                votes=cast(
                    "Literal['scam', 'honest']",
                    tables.one_of(("scam", "honest"), *path, "votes"),
                ),
                when=_conditions(tables, path),
                text_zh=tables.text(*path, "text_zh"),
                text_en=tables.text(*path, "text_en"),
            )
        )
    return tuple(found)


def _conditions(
    tables: tables_module.Tables, rule: tuple[str | int, ...]
) -> tuple[Condition, ...]:
    path = (*rule, "when")
    raw = tables.value(path)
    if not isinstance(raw, list) or not raw:
        tables.source.fail(path, f"expected a list of comparisons, found {raw!r:.60}")
    conditions = []
    for one in raw:
        if not isinstance(one, dict) or set(one) != {"feature", "op", "value"}:
            tables.source.fail(
                path, f"expected {{feature, op, value}}, found {one!r:.80}"
            )
        if one["feature"] not in catalogue.BY_NAME:
            tables.source.fail(
                path, f"no feature {one['feature']!r} in features/catalogue.py"
            )
        if one["op"] not in _OPERATORS:
            tables.source.fail(
                path, f"expected one of {' '.join(_OPERATORS)}, found {one['op']!r}"
            )
        if isinstance(one["value"], bool) or not isinstance(one["value"], int | float):
            tables.source.fail(path, f"expected a number, found {one['value']!r}")
        conditions.append(Condition(one["feature"], one["op"], float(one["value"])))
    return tuple(conditions)


def policies(
    tables: tables_module.Tables, vocabulary: patterns.Vocabulary
) -> tuple[Policy, ...]:
    """The dated rules, oldest first; their own patterns become ``policy:<rule_id>``."""
    found: list[Policy] = []
    keys = ("rule_id", "title", "platforms", "in_force_from", "signals", "patterns")
    for index, _ in enumerate(tables.array("policies")):
        path = ("policies", index)
        tables.only(path, keys)
        rule_id = tables.text(*path, "rule_id")
        if rule_id in {policy.rule_id for policy in found}:
            tables.source.fail(
                (*path, "rule_id"), f"there is another policy {rule_id!r}"
            )
        day = tables.value((*path, "in_force_from"))
        if not isinstance(day, date) or isinstance(day, datetime):
            tables.source.fail(
                (*path, "in_force_from"), f"expected a date, found {day!r}"
            )
        signals = tables.texts(*path, "signals")
        for signal in signals:
            if signal not in catalogue.SIGNALS:
                tables.source.fail((*path, "signals"), f"no signal {signal!r}", signal)
        add_patterns(
            tables,
            vocabulary,
            f"policy:{rule_id}",
            (*path, "patterns"),
            tables.texts(*path, "patterns"),
        )
        found.append(
            Policy(
                rule_id=rule_id,
                title=tables.text(*path, "title"),
                platforms=tables.texts(*path, "platforms"),
                in_force_from=datetime.combine(day, time(), _CHINA).astimezone(UTC),
                signals=signals,
            )
        )
    found.sort(key=lambda policy: (policy.in_force_from, policy.rule_id))
    return tuple(found)


def add_patterns(
    tables: tables_module.Tables,
    vocabulary: patterns.Vocabulary,
    target: str,
    path: tuple[str | int, ...],
    sources: tuple[str, ...],
) -> None:
    """Add patterns and plain words of one target to a vocabulary; a mistake names its line."""
    words = []
    for source in sources:
        if not any(mark in source for mark in " @#|!"):
            words.append(source)
            continue
        try:
            vocabulary.add(target, source)
        except patterns.PatternError as error:
            tables.source.fail(path, f"{source!r}: {error}", source)
    for word in words:
        class_number(tables, vocabulary, (word,), path)
    vocabulary.add_words(target, words)


def class_number(
    tables: tables_module.Tables,
    vocabulary: patterns.Vocabulary,
    words: tuple[str, ...],
    path: tuple[str | int, ...],
) -> int:
    """The number of a class of words; a mistake names its line."""
    try:
        return vocabulary.number(words)
    except patterns.PatternError as error:
        tables.source.fail(path, str(error), words[0])
