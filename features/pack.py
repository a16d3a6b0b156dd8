"""A pack: all that is known of one scheme, read from one TOML file and checked.

In: ``features/packs/<name>.toml``; the file itself says what its tables mean. Out: ``Pack``, frozen, with the patterns
compiled. Invariants: a pack that loads is whole: every signal of the contract has patterns, every frame and voice that
the code asks for is there, rules name features of the catalogue, and nothing unknown is left over. Mistakes name file,
line, what was expected and what was found. ``version`` changes with every byte of the file (and of what it extends).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, cast

from features import catalogue, cues, money, patterns, phrases, places
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKS: Final = Path(__file__).parent / "packs"

#: Marks of voice; ``features.voice`` reads them.
VOICES: Final = (
    "negators", "not_negators", "breakers", "attributions", "verdicts", "warnings", "hypotheticals", "doubts", "affirmations",
)  # fmt: skip
TOPICS: Final = ("strong", "weak", "other_trade")

#: Dates of rules are Chinese calendar days.
_CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
#: offer, vendor, report, complaint, other (``features.stance``).
_STANCE_COUNT: Final = 5
_OPERATORS: Final = ("<", "<=", ">", ">=", "==", "!=")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_KEYS: Final = (
    "exclude", "extends", "fee_bands", "frames", "keywords", "money", "name", "policies", "rules", "signals", "stance", "title_en",
    "title_zh", "topic", "voice", "words",
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Pack:
    """One scheme's data.

    Attributes:
        name: As in the settings, for example ``digital-human``.
        title_zh: For people, Chinese.
        title_en: For people, English.
        version: Twelve hex digits, the SHA-256 of the file.
        keywords: What crawlers search for.
        money: Role words for ``money.find_amounts``.
        fee_bands: Usual sizes of the entry fee in yuan, lower and upper bound included.
        vocabulary: Compiled patterns; targets are ``topic:…``, ``signal:…``, ``frame:…`` and ``policy:…``.
        voice: Class numbers of the marks of voice, by name.
        bridges: What may stand between a negator and what it denies, longest first.
        phrases: What turns of phrase tell, from ``<name>.phrases.tsv`` beside the file (its own, else its parent's).
        stance: For each cue (``cues.CUES``) what it adds to the log-odds of the five stances, in their order.
        rules: Labelling rules.
        policies: Dated rules, oldest first.
    """

    name: str
    title_zh: str
    title_en: str
    version: str
    keywords: tuple[str, ...]
    money: money.Lexicon
    fee_bands: tuple[tuple[float, float], ...]
    vocabulary: patterns.Vocabulary
    voice: Mapping[str, int]
    bridges: tuple[str, ...]
    phrases: phrases.Table
    stance: Mapping[str, tuple[float, ...]]
    rules: tuple[Rule, ...]
    policies: tuple[Policy, ...]


def pack_names(directory: Path = PACKS) -> list[str]:
    """Names of the packs in a directory, sorted."""
    return sorted(path.stem.replace("_", "-") for path in directory.glob("*.toml"))


def load_pack(name: str = "digital-human", *, directory: Path = PACKS) -> Pack:
    """Read and check a pack.

    Args:
        name: The pack's name; its file is the name with ``_`` for ``-``.
        directory: Where packs lie.

    Returns:
        The pack. The same bytes give the same pack.

    Raises:
        InputError: there is no such pack.
        ContractError: the file is not TOML or not a pack; the message names file and line.
    """
    source, data, version, table = _tables(name, directory, ())
    return _Checked(source, data).pack(version, table)


def _tables(
    name: str, directory: Path, below: tuple[str, ...]
) -> tuple[_Source, dict[str, Any], str, phrases.Table]:
    """The tables of a pack laid over those of the pack that it extends."""
    path = directory / f"{name.replace('-', '_')}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        message = f"There is no pack {name!r}; there are {', '.join(pack_names(directory)) or 'none'}."
        raise errors.InputError(message)
    raw = path.read_bytes()
    try:
        text = raw.decode()
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path.name}: not a TOML file: {error}."
        raise errors.ContractError(message) from error
    source = _Source(path.name, text.splitlines())
    digest = hashlib.sha256(raw)
    table = _phrases(path.with_suffix(".phrases.tsv"), digest)
    parent = data.pop("extends", None)
    if parent is not None:
        if not isinstance(parent, str) or parent in {name, *below}:
            source.fail(
                ("extends",), f"expected the name of another pack, found {parent!r}"
            )
        _, inherited, version, told = _tables(parent, directory, (*below, name))
        table = table if table.runs else told
        digest.update(version.encode())
        data = {
            **inherited,
            **{
                key: {**inherited[key], **value}
                if isinstance(value, dict) and isinstance(inherited.get(key), dict)
                else value
                for key, value in data.items()
            },
        }
    return source, data, digest.hexdigest()[:12], table


def _phrases(path: Path, digest: hashlib._Hash) -> phrases.Table:
    """The phrases beside a pack; none where there is no such file."""
    if not path.is_file():
        return phrases.parse("")
    raw = path.read_bytes()
    digest.update(raw)
    try:
        return phrases.parse(raw.decode())
    except ValueError as error:
        message = f"{path.name}, line {error}. Write it again with tests/harness/fit_reading.py."
        raise errors.ContractError(message) from error


class _Source:
    """The lines of the file, to say where a mistake is."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file = file
        self._lines = lines

    def line(self, path: tuple[str | int, ...], value: str | None = None) -> int:
        """Line (from 1) of a key, or of a value at or after it; of the nearest table where the key is missing."""
        at = 0
        for part in path:
            if isinstance(part, int):
                header = re.compile(rf"\s*\[\[{re.escape(str(path[0]))}\]\]")
                heads = [n for n, line in enumerate(self._lines) if header.match(line)]
                at = heads[part] if part < len(heads) else at
                continue
            quoted = re.escape(part)
            key = re.compile(rf'\s*(?:\[\[?{quoted}\]\]?|"?{quoted}"?\s*=)')
            found = (
                n for n in range(at, len(self._lines)) if key.match(self._lines[n])
            )
            at = next(found, at)
        if value is not None:
            found = (
                n for n in range(at, len(self._lines)) if f'"{value}"' in self._lines[n]
            )
            at = next(found, at)
        return at + 1

    def fail(
        self, path: tuple[str | int, ...], reason: str, value: str | None = None
    ) -> NoReturn:
        """Raise with file, line and the path of keys."""
        dotted = ".".join(map(str, path))
        message = f"{self._file}, line {self.line(path, value)}: {dotted}: {reason}. Correct the pack."
        raise errors.ContractError(message)


class _Checked:
    """Takes the tables apart key by key; what is left over is a mistake."""

    def __init__(self, source: _Source, data: dict[str, Any]) -> None:
        self._source = source
        self._data = data

    def pack(self, version: str, table: phrases.Table) -> Pack:
        for key in self._data:
            if key not in _KEYS:
                self._source.fail((key,), f"unknown; a pack has {', '.join(_KEYS)}")
        words = {key: self._texts("words", key) for key in self._table("words")} | {
            "place_name": places.PLACES
        }
        self._only("exclude", ("words", "but"))
        try:
            vocabulary = patterns.Vocabulary(
                words,
                ignore=self._texts("exclude", "words"),
                keep=self._texts("exclude", "but"),
            )
        except patterns.PatternError as error:
            self._source.fail(("words",), str(error))
        self._compile(vocabulary, "topic", "topic", TOPICS)
        self._compile(vocabulary, "signals", "signal", catalogue.SIGNALS)
        self._compile(vocabulary, "frames", "frame", cues.FRAMES)
        self._only("voice", (*VOICES, "bridges"))
        roles = ("fee", "price", "income", "loss", "other")
        self._only("money", roles)
        return Pack(
            name=self._text("name"),
            title_zh=self._text("title_zh"),
            title_en=self._text("title_en"),
            version=version,
            keywords=self._texts("keywords"),
            money=money.Lexicon(**{role: self._texts("money", role) for role in roles}),
            fee_bands=self._fee_bands(),
            vocabulary=vocabulary,
            voice={
                key: self._number(vocabulary, key, self._texts("voice", key))
                for key in VOICES
            },
            bridges=tuple(
                sorted(
                    self._texts("voice", "bridges"), key=lambda one: (-len(one), one)
                )
            ),
            phrases=table,
            stance=self._stance(),
            rules=self._rules(),
            policies=self._policies(vocabulary),
        )

    def _value(self, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 (what TOML holds there is what is being checked)
        value: Any = self._data
        for part in path:
            if isinstance(part, str) and (
                not isinstance(value, dict) or part not in value
            ):
                self._source.fail(path, "missing")
            value = value[part]
        return value

    def _text(self, *path: str | int) -> str:
        value = self._value(path)
        if not isinstance(value, str) or not value:
            self._source.fail(path, f"expected a text, found {value!r}")
        return value

    def _texts(self, *path: str | int) -> tuple[str, ...]:
        value = self._value(path)
        if not isinstance(value, list) or not all(
            isinstance(one, str) and one for one in value
        ):
            self._source.fail(path, f"expected a list of texts, found {value!r:.60}")
        return tuple(dict.fromkeys(value))

    def _table(self, *path: str | int) -> dict[str, Any]:
        value = self._value(path)
        if not isinstance(value, dict):
            self._source.fail(path, f"expected a table, found {value!r:.60}")
        return value

    def _array(self, key: str) -> list[dict[str, Any]]:
        value = self._value((key,))
        if not isinstance(value, list) or not all(
            isinstance(one, dict) for one in value
        ):
            self._source.fail((key,), f"expected [[{key}]] tables")
        return value

    def _only(self, table: str | tuple[str | int, ...], keys: tuple[str, ...]) -> None:
        path = (table,) if isinstance(table, str) else table
        for key in self._table(*path):
            if key not in keys:
                self._source.fail((*path, key), f"unknown; expected {', '.join(keys)}")

    def _compile(
        self,
        vocabulary: patterns.Vocabulary,
        table: str,
        kind: str,
        keys: tuple[str, ...],
    ) -> None:
        self._only(table, keys)
        for key in keys:
            self._add(
                vocabulary, f"{kind}:{key}", (table, key), self._texts(table, key)
            )

    def _add(
        self,
        vocabulary: patterns.Vocabulary,
        target: str,
        path: tuple[str | int, ...],
        sources: tuple[str, ...],
    ) -> None:
        words = []
        for source in sources:
            if not any(mark in source for mark in " @#|!"):
                words.append(source)
                continue
            try:
                vocabulary.add(target, source)
            except patterns.PatternError as error:
                self._source.fail(path, f"{source!r}: {error}", source)
        for word in words:
            self._number(vocabulary, path[-1], (word,), path)
        vocabulary.add_words(target, words)

    def _number(
        self,
        vocabulary: patterns.Vocabulary,
        key: str | int,
        words: tuple[str, ...],
        path: tuple[str | int, ...] | None = None,
    ) -> int:
        try:
            return vocabulary.number(words)
        except patterns.PatternError as error:
            self._source.fail(path or ("voice", key), str(error), words[0])

    def _fee_bands(self) -> tuple[tuple[float, float], ...]:
        bands = []
        for index, _ in enumerate(self._array("fee_bands")):
            path = ("fee_bands", index)
            self._only(path, ("name", "low_yuan", "high_yuan"))
            self._text(*path, "name")
            low, high = (
                self._real(*path, "low_yuan"),
                self._real(*path, "high_yuan"),
            )
            if not 0 <= low <= high:
                self._source.fail(
                    (*path, "low_yuan"),
                    f"expected 0 <= low_yuan <= high_yuan, found {low} and {high}",
                )
            bands.append((low, high))
        return tuple(bands)

    def _real(self, *path: str | int) -> float:
        value = self._value(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._source.fail(path, f"expected a number, found {value!r}")
        return float(value)

    def _stance(self) -> dict[str, tuple[float, ...]]:
        """The learned weights: five numbers for every cue that has any."""
        self._only("stance", cues.CUES)
        found: dict[str, tuple[float, ...]] = {}
        for key in self._table("stance"):
            path = ("stance", key)
            raw = self._value(path)
            if not isinstance(raw, list) or len(raw) != _STANCE_COUNT:
                self._source.fail(
                    path, f"expected {_STANCE_COUNT} numbers, found {raw!r:.60}"
                )
            found[key] = tuple(self._real(*path, at) for at in range(_STANCE_COUNT))
        return found

    def _rules(self) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        for index, _ in enumerate(self._array("rules")):
            path = ("rules", index)
            self._only(path, ("name", "family", "votes", "when", "text_zh", "text_en"))
            name = self._text(*path, "name")
            if name in {rule.name for rule in rules}:
                self._source.fail((*path, "name"), f"there is another rule {name!r}")
            rules.append(
                Rule(
                    name=name,
                    family=self._one_of(catalogue.FAMILIES, *path, "family"),
                    votes=cast(
                        "Literal['scam', 'honest']",
                        self._one_of(("scam", "honest"), *path, "votes"),
                    ),
                    when=self._conditions(path),
                    text_zh=self._text(*path, "text_zh"),
                    text_en=self._text(*path, "text_en"),
                )
            )
        return tuple(rules)

    def _one_of(self, choices: tuple[str, ...], *path: str | int) -> str:
        value = self._text(*path)
        if value not in choices:
            self._source.fail(
                path, f"expected one of {', '.join(choices)}, found {value!r}"
            )
        return value

    def _conditions(self, rule: tuple[str | int, ...]) -> tuple[Condition, ...]:
        path = (*rule, "when")
        raw = self._value(path)
        if not isinstance(raw, list) or not raw:
            self._source.fail(
                path, f"expected a list of comparisons, found {raw!r:.60}"
            )
        conditions = []
        for one in raw:
            if not isinstance(one, dict) or set(one) != {"feature", "op", "value"}:
                self._source.fail(
                    path, f"expected {{feature, op, value}}, found {one!r:.80}"
                )
            if one["feature"] not in catalogue.BY_NAME:
                self._source.fail(
                    path, f"no feature {one['feature']!r} in features/catalogue.py"
                )
            if one["op"] not in _OPERATORS:
                self._source.fail(
                    path, f"expected one of {' '.join(_OPERATORS)}, found {one['op']!r}"
                )
            if isinstance(one["value"], bool) or not isinstance(
                one["value"], int | float
            ):
                self._source.fail(path, f"expected a number, found {one['value']!r}")
            conditions.append(Condition(one["feature"], one["op"], float(one["value"])))
        return tuple(conditions)

    def _policies(self, vocabulary: patterns.Vocabulary) -> tuple[Policy, ...]:
        policies: list[Policy] = []
        keys = ("rule_id", "title", "platforms", "in_force_from", "signals", "patterns")
        for index, _ in enumerate(self._array("policies")):
            path = ("policies", index)
            self._only(path, keys)
            rule_id = self._text(*path, "rule_id")
            if rule_id in {policy.rule_id for policy in policies}:
                self._source.fail(
                    (*path, "rule_id"), f"there is another policy {rule_id!r}"
                )
            day = self._value((*path, "in_force_from"))
            if not isinstance(day, date) or isinstance(day, datetime):
                self._source.fail(
                    (*path, "in_force_from"), f"expected a date, found {day!r}"
                )
            signals = self._texts(*path, "signals")
            for signal in signals:
                if signal not in catalogue.SIGNALS:
                    self._source.fail(
                        (*path, "signals"), f"no signal {signal!r}", signal
                    )
            self._add(
                vocabulary,
                f"policy:{rule_id}",
                (*path, "patterns"),
                self._texts(*path, "patterns"),
            )
            policies.append(
                Policy(
                    rule_id=rule_id,
                    title=self._text(*path, "title"),
                    platforms=self._texts(*path, "platforms"),
                    in_force_from=datetime.combine(day, time(), _CHINA).astimezone(UTC),
                    signals=signals,
                )
            )
        policies.sort(key=lambda policy: (policy.in_force_from, policy.rule_id))
        return tuple(policies)
