"""One crawl of one source: what ``--job JOB.json`` holds.

In: the file. Out: a ``Job`` whose values are all checked; a mistake is an ``InputError`` that names the field. Reading a
job makes no request and writes nothing.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from crawlers.memory.known import Known
from crawlers.records import times
from crawlers.sources import catalogue, urls
from crawlers.sources.parsed import Ask
from warehouse import errors

_WHOLE_LIMITS = ("pages", "concurrency", "retries")
#: What a job may hold; ``crawlers.run`` explains each.
_KNOWN = frozenset(
    {
        "source", "out_dir", "start", "keywords", "contact", "limits", "allow_loopback", "proxy", "private_hosts",
        "hash_key_file", "known", "canary", "validators", "as_of", "stop_file", "night",
        "credentials",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one crawl may take.

    Attributes:
        pages: Requests, without robots.txt and repeats.
        seconds: Wall time after which nothing new is asked for.
        delay: Seconds between two requests to one host, at least.
        concurrency: Requests to one host at the same time.
        timeout: Seconds until an answer must be complete.
        retries: Repeats of a request that failed for a while.
    """

    pages: int = 1000
    seconds: float = 1800.0
    delay: float = 2.5
    concurrency: int = 1
    timeout: float = 30.0
    retries: int = 2


@dataclass(frozen=True, slots=True)
class Night:
    """What all crawls of one night may ask for together.

    Attributes:
        counter: File that they share; as long as requests were made.
        requests: How many they may make.
    """

    counter: Path
    requests: int


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl of one source; ``crawlers.run`` explains the fields."""

    source: str
    out_dir: Path
    asks: tuple[Ask, ...]
    contact: str
    limits: Limits = Limits()
    keywords: tuple[str, ...] = ()
    allow_loopback: bool = False
    proxy: str | None = None
    private_hosts: frozenset[str] = frozenset()
    hash_key: bytes = field(default=b"", repr=False)
    known: Container[str] = frozenset()
    canary: Ask | None = None
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_of: datetime | None = None
    stop_file: Path | None = None
    night: Night | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    missing_key: str | None = None


def read(path: Path, *, source: str | None = None) -> Job:
    """Read and check a job.

    Args:
        path: The JSON file.
        source: The source named on the command line; must be the file's.

    Raises:
        InputError: the file cannot be read, a field is missing, unknown or of another kind.
    """
    try:
        given = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise _mistake(text=f"Job {path} cannot be read: {error}.") from error
    if not isinstance(given, dict):
        raise _wrong(field="the file", expected="an object", found=given)
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        raise _mistake(
            text=f"Job {path} has unknown fields {unknown}; known are {sorted(_KNOWN)}."
        )
    name = _text(given, "source")
    if source is not None and source != name:
        raise _mistake(
            text=f"Job {path} is for {name!r}, the command line says {source!r}."
        )
    if name not in catalogue.SOURCES:
        raise _mistake(
            text=f"Unknown source {name!r}; known are {sorted(catalogue.SOURCES)}."
        )
    described = catalogue.SOURCES[name]
    allow_loopback = _flag(given, "allow_loopback")
    proxy = given.get("proxy")
    if proxy is not None and not (
        allow_loopback and urls.is_loopback(urls.host(proxy))
    ):
        raise _mistake(
            text="Field proxy: only the sandbox on this machine may stand in, with allow_loopback true."
        )
    key_file = given.get("hash_key_file")
    if described.is_private and not key_file:
        raise _mistake(
            text=f"Field hash_key_file: needed, because authors of {name} are private persons."
        )
    keys, missing = _keys(
        given.get("credentials") or {}, described, is_sandbox=proxy is not None
    )
    validators = given.get("validators") or {}
    if not isinstance(validators, dict):
        raise _wrong(field="validators", expected="an object", found=validators)
    return Job(
        source=name,
        out_dir=Path(_text(given, "out_dir")),
        asks=_asks(given.get("start") or list(described.starts), name),
        contact=_text(given, "contact"),
        limits=_limits(given.get("limits") or {}),
        keywords=tuple(_texts(given, "keywords")),
        allow_loopback=allow_loopback,
        proxy=proxy,
        private_hosts=frozenset(
            host.lower() for host in _texts(given, "private_hosts")
        ),
        hash_key=_file(key_file, "hash_key_file") if key_file else b"",
        known=_known(given.get("known"), name),
        canary=_ask(given["canary"], "canary") if given.get("canary") else None,
        validators=validators,
        as_of=_moment(given.get("as_of")),
        stop_file=Path(_text(given, "stop_file")) if given.get("stop_file") else None,
        night=_night(given["night"]) if given.get("night") else None,
        keys=keys,
        missing_key=missing,
    )


def _asks(start: object, source: str) -> tuple[Ask, ...]:
    if not isinstance(start, list):
        raise _wrong(field="start", expected="a list", found=start)
    if not start:
        raise _mistake(
            text=f"Field start: {source} has no address of its own; name at least one URL."
        )
    return tuple(_ask(entry, f"start[{index}]") for index, entry in enumerate(start))


def _ask(entry: object, name: str) -> Ask:
    """A URL, or an object with ``url`` and, for feeds, ``id``."""
    given = {"url": entry} if isinstance(entry, str) else entry
    if (
        not isinstance(given, dict)
        or set(given) - {"url", "id"}
        or not isinstance(given.get("url"), str)
    ):
        raise _mistake(
            text=f'Field {name}: expected a URL or {{"url": …, "id": …}}, found {entry!r:.80}.'
        )
    try:
        parts = urlsplit(given["url"])
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_usable = False
    if not is_usable:
        raise _mistake(
            text=f"Field {name}: expected an http(s) URL, found {given['url']!r:.80}."
        )
    return Ask(given["url"], feed_id=given.get("id"))


def _limits(given: object) -> Limits:
    if not isinstance(given, dict):
        raise _wrong(field="limits", expected="an object", found=given)
    allowed = {
        "pages": (1, 1_000_000), "seconds": (1, 86_400), "delay": (0, 600), "concurrency": (1, 64),
        "timeout": (0.1, 600), "retries": (0, 10),
    }  # fmt: skip
    for name, value in given.items():
        low, high = allowed.get(name, (None, None))
        if low is None or high is None:
            raise _mistake(
                text=f"Field limits.{name}: unknown; known are {sorted(allowed)}."
            )
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise _mistake(
                text=f"Field limits.{name}: expected a number from {low} to {high}, found {value!r:.40}."
            )
    whole = {name: int(given[name]) for name in _WHOLE_LIMITS if name in given}
    others: dict[str, Any] = {
        name: float(value) for name, value in given.items() if name not in whole
    }
    return dataclasses.replace(Limits(), **whole, **others)


def _keys(
    given: object, source: catalogue.Source, *, is_sandbox: bool
) -> tuple[dict[str, str], str | None]:
    """The operator's keys by name, and what is missing of them; the job holds where they are, never what they are."""
    needs = source.authorise.needs if source.authorise else ()
    if not isinstance(given, dict) or set(given) - set(needs):
        raise _mistake(
            text=f"Field credentials: {source.name} takes {list(needs)}, found other names."
        )
    keys: dict[str, str] = {}
    for name in needs:
        where = given.get(name)
        if where is None:
            return {}, f"no {name} is configured"
        kinds = {"env", "file", "sandbox"} if is_sandbox else {"env", "file"}
        if not isinstance(where, dict) or len(where) != 1 or set(where) - kinds:
            raise _mistake(
                text=f'Field credentials.{name}: expected {{"env": NAME}} or {{"file": PATH}}.'
            )
        (kind,) = where
        found, reason = _key(kind, _text(where, kind))
        if not found:
            return {}, f"{name}: {reason}"
        keys[name] = found
    return keys, None


def _key(kind: str, where: str) -> tuple[str, str]:
    """One key and, where there is none, why."""
    if kind == "sandbox":
        return where, ""
    if kind == "env":
        return os.environ.get(where, "").strip(), f"{where} is not set"
    try:
        return Path(where).read_text(encoding="utf-8").strip(), f"{where} is empty"
    except (OSError, UnicodeDecodeError):
        return "", f"{where} cannot be read"


def _night(given: object) -> Night:
    if not isinstance(given, dict) or set(given) != {"counter", "requests"}:
        raise _wrong(
            field="night", expected='{"counter": …, "requests": …}', found=given
        )
    requests = given["requests"]
    if isinstance(requests, bool) or not isinstance(requests, int) or requests < 0:
        raise _wrong(field="night.requests", expected="a whole number", found=requests)
    return Night(Path(_text(given, "counter")), requests)


def _known(path: object, source: str) -> Container[str]:
    """Native ids of this source's posts that are stored."""
    if path is None:
        return frozenset()
    if not isinstance(path, str):
        raise _wrong(field="known", expected="a path", found=path)
    try:
        return Known(Path(path), platform=source)
    except (OSError, ValueError) as error:
        raise _mistake(text=f"Field known: {path} cannot be used: {error}.") from error


def _file(path: object, name: str) -> bytes:
    if not isinstance(path, str):
        raise _wrong(field=name, expected="a path", found=path)
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise _mistake(text=f"Field {name}: {path} cannot be read: {error}.") from error
    if name == "hash_key_file" and not content:
        raise _mistake(text=f"Field {name}: {path} is empty.")
    return content


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return times.utc(value).astimezone(UTC)
    except ValueError as error:
        raise _mistake(text=f"Field as_of: {error}.") from error


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(field=name, expected="text", found=value)
    return value


def _texts(given: Mapping[str, Any], name: str) -> list[str]:
    value = given.get(name) or []
    if not isinstance(value, list) or not all(
        isinstance(part, str) and part for part in value
    ):
        raise _wrong(field=name, expected="a list of texts", found=value)
    return value


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(field=name, expected="true or false", found=value)
    return value


def _mistake(*, text: str) -> errors.InputError:
    return errors.InputError(text)


def _wrong(*, field: str, expected: str, found: object) -> errors.InputError:
    return errors.InputError(
        f"Field {field}: expected {expected}, found {found!r:.80}."
    )
