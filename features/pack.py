"""A pack: all that is known of one scheme, read from one TOML file and checked.

In: ``features/packs/<name>.toml``, whose tables docs/packs.md describes, and the phrases beside it. Out: ``Pack``, frozen, with the patterns
compiled. Invariants: a pack that loads is whole: every signal of the contract has patterns, every frame and voice that
the code asks for is there, rules name features of the catalogue, and nothing unknown is left over. Mistakes name file,
line, what was expected and what was found. ``version`` changes with every byte of the file (and of what it extends).
"""

from __future__ import annotations

import functools
import gc
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from features import catalogue, money
from features.amounts import bare
from features.engine import expressions, kept
from features.matching import patterns
from features.packs import rules as rules_module
from features.packs import tables as tables_module
from features.purposes import payments
from features.speech import bylines, clauses, cues, phrasebook, traits
from features.writing import places
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PACKS: Final = Path(__file__).parent / "packs"

#: Marks of voice; ``features.speech.voice`` reads them.
VOICES: Final = (
    "negators", "not_negators", "breakers", "attributions", "verdicts", "warnings", "hypotheticals", "doubts", "affirmations",
)  # fmt: skip
TOPICS: Final = ("strong", "weak", "other_trade")

#: offer, vendor, report, complaint, other (``features.stance``).
_STANCE_COUNT: Final = 5
_NAME: Final = expressions.compiled(r"[a-z0-9][a-z0-9-]{0,63}")
_KEYS: Final = (
    "exclude", "extends", "fee_bands", "frames", "keywords", "money", "name", "policies", "rules", "signals", "stance", "title_en",
    "title_zh", "topic", "voice", "words",
)  # fmt: skip


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
        clauses: What they tell of clauses, with what they tell together: ``<name>.traits.tsv``, beside the phrases that are used.
        payments: What tells the role of sums beyond their grammar, from ``<name>.payments.tsv``, likewise.
        bylines: What accounts' names tell, from ``<name>.bylines.tsv``, likewise.
        bare: What makes bare numbers money, from ``<name>.bare.tsv``, likewise.
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
    phrases: phrasebook.Table
    clauses: clauses.Table
    payments: payments.Table
    bylines: bylines.Table
    bare: bare.Table
    stance: Mapping[str, tuple[float, ...]]
    rules: tuple[rules_module.Rule, ...]
    policies: tuple[rules_module.Policy, ...]


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
    return _loaded(name, directory, _contents(directory))


def _contents(directory: Path) -> str:
    """Digest of all files of a folder of packs: a pack may extend another."""
    digest = hashlib.sha256()
    files = [*directory.glob("*.toml"), *directory.glob("*.tsv")]
    for path in sorted(files):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.lru_cache(maxsize=4)
def _loaded(name: str, directory: Path, contents: str) -> Pack:
    """The pack; a night asks for the same one in each of its stages, and the packs of the product are kept for those after it."""
    make = functools.partial(_parsed, name, directory)
    return kept.kept(f"pack-{name}", contents, make) if directory == PACKS else make()


def _parsed(name: str, directory: Path) -> Pack:
    # Tables are parsed to a million small objects without a circle among them: looking for some took a fifth of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        source, data, version, learned = _tables(name, directory, ())
    finally:
        if was_on:
            gc.enable()
    return _Checked(tables_module.Tables(source, data)).pack(version, learned)


#: Which file of tests/harness writes a learned table.
_WRITERS: Final = {
    ".phrases.tsv": "fit_reading", ".payments.tsv": "fit_payments", ".bare.tsv": "fit_bare",
    ".bylines.tsv": "fit_reading", ".traits.tsv": "fit_reading",
}  # fmt: skip


class _Learned(NamedTuple):
    """The tables beside a pack that were learned."""

    phrases: phrasebook.Table
    traits: traits.Table
    payments: payments.Table
    bylines: bylines.Table
    bare: bare.Table


_Parsed = TypeVar("_Parsed")


def _tables(
    name: str, directory: Path, below: tuple[str, ...]
) -> tuple[tables_module.Source, dict[str, Any], str, _Learned]:
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
    source = tables_module.Source(path.name, text.splitlines())
    digest = hashlib.sha256(raw)
    learned = _Learned(
        _beside(path, ".phrases.tsv", digest, phrasebook.parse),
        _beside(path, ".traits.tsv", digest, traits.parse),
        _beside(path, ".payments.tsv", digest, payments.parse),
        _beside(path, ".bylines.tsv", digest, bylines.parse),
        _beside(path, ".bare.tsv", digest, bare.parse),
    )
    parent = data.pop("extends", None)
    if parent is not None:
        if not isinstance(parent, str) or parent in {name, *below}:
            source.fail(
                ("extends",), f"expected the name of another pack, found {parent!r}"
            )
        _, inherited, version, told = _tables(parent, directory, (*below, name))
        learned = _Learned(
            learned.phrases if learned.phrases.runs else told.phrases,
            learned.traits if learned.phrases.runs else told.traits,
            learned.payments or told.payments,
            learned.bylines or told.bylines,
            learned.bare or told.bare,
        )
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
    return source, data, digest.hexdigest()[:12], learned


def _beside(
    pack: Path, ending: str, digest: hashlib._Hash, parse: Callable[[str], _Parsed]
) -> _Parsed:
    """A learned table beside a pack; an empty one where there is no such file."""
    path = pack.with_suffix(ending)
    if not path.is_file():
        return parse("")
    raw = path.read_bytes()
    digest.update(raw)
    try:
        return parse(raw.decode())
    except ValueError as error:
        writer = _WRITERS[ending]
        message = (
            f"{path.name}, line {error}. Write it again with tests/harness/{writer}.py."
        )
        raise errors.ContractError(message) from error


class _Checked:
    """Takes the tables apart key by key; what is left over is a mistake."""

    def __init__(self, tables: tables_module.Tables) -> None:
        self._tables = tables

    def pack(self, version: str, learned: _Learned) -> Pack:
        for key in self._tables.data:
            if key not in _KEYS:
                self._tables.source.fail(
                    (key,), f"unknown; a pack has {', '.join(_KEYS)}"
                )
        words = {
            key: self._tables.texts("words", key) for key in self._tables.table("words")
        } | {"place_name": places.PLACES}
        self._tables.only("exclude", ("words", "but"))
        try:
            vocabulary = patterns.Vocabulary(
                words,
                ignore=self._tables.texts("exclude", "words"),
                keep=self._tables.texts("exclude", "but"),
            )
        except patterns.PatternError as error:
            self._tables.source.fail(("words",), str(error))
        self._compile(vocabulary, "topic", "topic", TOPICS)
        self._compile(vocabulary, "signals", "signal", catalogue.SIGNALS)
        self._compile(vocabulary, "frames", "frame", cues.FRAMES)
        self._tables.only("voice", (*VOICES, "bridges"))
        roles = ("fee", "price", "income", "loss", "other")
        self._tables.only("money", roles)
        return Pack(
            name=self._tables.text("name"),
            title_zh=self._tables.text("title_zh"),
            title_en=self._tables.text("title_en"),
            version=version,
            keywords=self._tables.texts("keywords"),
            money=money.Lexicon(
                **{role: self._tables.texts("money", role) for role in roles}
            ),
            fee_bands=self._fee_bands(),
            vocabulary=vocabulary,
            voice={
                key: rules_module.class_number(
                    self._tables,
                    vocabulary,
                    self._tables.texts("voice", key),
                    ("voice", key),
                )
                for key in VOICES
            },
            bridges=tuple(
                sorted(
                    self._tables.texts("voice", "bridges"),
                    key=lambda one: (-len(one), one),
                )
            ),
            phrases=learned.phrases,
            clauses=clauses.table(learned.phrases, learned.traits),
            payments=learned.payments,
            bylines=learned.bylines,
            bare=learned.bare,
            stance=self._stance(),
            rules=rules_module.rules(self._tables),
            policies=rules_module.policies(self._tables, vocabulary),
        )

    def _compile(
        self,
        vocabulary: patterns.Vocabulary,
        table: str,
        kind: str,
        keys: tuple[str, ...],
    ) -> None:
        self._tables.only(table, keys)
        for key in keys:
            rules_module.add_patterns(
                self._tables,
                vocabulary,
                f"{kind}:{key}",
                (table, key),
                self._tables.texts(table, key),
            )

    def _fee_bands(self) -> tuple[tuple[float, float], ...]:
        bands = []
        for index, _ in enumerate(self._tables.array("fee_bands")):
            path = ("fee_bands", index)
            self._tables.only(path, ("name", "low_yuan", "high_yuan"))
            self._tables.text(*path, "name")
            low, high = (
                self._tables.real(*path, "low_yuan"),
                self._tables.real(*path, "high_yuan"),
            )
            if not 0 <= low <= high:
                self._tables.source.fail(
                    (*path, "low_yuan"),
                    f"expected 0 <= low_yuan <= high_yuan, found {low} and {high}",
                )
            bands.append((low, high))
        return tuple(bands)

    def _stance(self) -> dict[str, tuple[float, ...]]:
        """The learned weights: five numbers for every cue that has any."""
        self._tables.only("stance", cues.CUES)
        found: dict[str, tuple[float, ...]] = {}
        for key in self._tables.table("stance"):
            path = ("stance", key)
            raw = self._tables.value(path)
            if not isinstance(raw, list) or len(raw) != _STANCE_COUNT:
                self._tables.source.fail(
                    path, f"expected {_STANCE_COUNT} numbers, found {raw!r:.60}"
                )
            found[key] = tuple(
                self._tables.real(*path, at) for at in range(_STANCE_COUNT)
            )
        return found
