"""Settings: what ``puppetwatch.toml`` says over the defaults, as one frozen value.

Importing this module reads nothing. ``load`` reads the file and the environment once; everything else receives values.
A key that nobody knows is an error, because a misspelt limit that is silently ignored is a bad night.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import home as home_module
from warehouse import errors
from warehouse.upkeep import retention as retention_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _references(*keys: str) -> dict[str, type]:
    """Where an operator's keys are, never what they are: the name of an environment variable, or a file."""
    return {f"{key}_{kind}": str for key in keys for kind in ("env", "file")}


#: What people save of a source is put into a folder; a vendor's tables need to be told which column is which.
_DROPPED: dict[str, type] = {"drop": str, "map": list}
#: Asked every night, because it always has results.
_CANARY: dict[str, type] = {"canary": str}

#: Sources and the options that each takes: name to type.
SOURCE_OPTIONS: dict[str, dict[str, type]] = {
    "heimao": {**_CANARY, **_DROPPED, "base_url": str},
    "36kr": {**_CANARY, **_DROPPED, "feeds": list},
    "rss": {**_CANARY, **_DROPPED, "feeds": list, "private_hosts": list},
    "landing": {**_CANARY, **_DROPPED, "urls": list},
    "douyin": {
        **_CANARY,
        **_DROPPED,
        **_references("client_key", "client_secret"),
        "base_url": str,
        "device_id": int,
    },
    "taobao": {
        **_CANARY,
        **_DROPPED,
        **_references("app_key", "app_secret"),
        "base_url": str,
        "adzone_id": str,
    },
    "jd": {
        **_CANARY,
        **_DROPPED,
        **_references("app_key", "app_secret"),
        "base_url": str,
    },
    "wechat_mp": {**_CANARY, **_DROPPED, "urls": list},
    "kuaishou": _DROPPED,
    "wechat_channels": _DROPPED,
}

#: What a source does when its table names nothing.
SOURCE_DEFAULTS: dict[str, dict[str, Any]] = {
    "heimao": {"base_url": "https://tousu.sina.com.cn"},
    "36kr": {"feeds": ["https://www.36kr.com/feed"]},
    "rss": {"feeds": [], "private_hosts": []},
    "landing": {"urls": []},
    "douyin": {"base_url": "https://open.douyin.com", "device_id": 0},
    "taobao": {"base_url": "https://gw.api.taobao.com", "adzone_id": ""},
    "jd": {"base_url": "https://api.jd.com"},
    "wechat_mp": {"urls": []},
    "kuaishou": {},
    "wechat_channels": {},
}


@dataclasses.dataclass(frozen=True, slots=True)
class Crawl:
    """Politeness and budgets."""

    contact: str = ""
    delay_seconds: float = 2.0
    pages_per_source: int = 500
    seconds_per_source: int = 3600
    requests_per_night: int = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Lists:
    """Bands of ``scam_probability`` (``high`` is the listing threshold), and who vouches for the lists.

    Attributes:
        publisher: Named in every release; the ids of objects in STIX, MISP and FollowTheMoney depend on it.
        appeal: Where a listed party objects; empty says how the operator files it.
        signing_key_env: Environment variable that holds the Ed25519 key (PEM) that signs releases.
        signing_key_file: File that holds it.
    """

    high: float = 0.85
    medium: float = 0.50
    publisher: str = "puppetwatch"
    appeal: str = ""
    signing_key_env: str = ""
    signing_key_file: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Quality:
    """Minimums and maximums that stop a release."""

    source_share: float = 0.2
    list_share: float = 0.5
    listed_share: float = 0.9


@dataclasses.dataclass(frozen=True, slots=True)
class Publish:
    """What is kept of earlier nights."""

    keep: int = 14
    gigabytes: float = 50.0


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """How long answers are archived."""

    keep_days: int = 180


@dataclasses.dataclass(frozen=True, slots=True)
class Linking:
    """What joins nobody, beside the shipped warninglists: a TOML file, relative to the configuration."""

    warninglist: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run needs to know about its installation."""

    home: home_module.Home
    config_path: Path | None
    pack: str = "digital-human"
    crawl: Crawl = Crawl()
    lists: Lists = Lists()
    quality: Quality = Quality()
    publish: Publish = Publish()
    evidence: Evidence = Evidence()
    linking: Linking = Linking()
    retention: retention_module.Limits = dataclasses.field(
        default_factory=retention_module.Limits
    )
    sources: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)

    def signing_key(self) -> bytes | None:
        """The key that signs releases, read where the configuration points; null when it points nowhere.

        Raises:
            InputError: the variable is not set or the file cannot be read.
        """
        if name := self.lists.signing_key_env:
            if name not in os.environ:
                message = f"lists.signing_key_env names {name}, which is not set. Nothing was released."
                raise errors.InputError(message)
            return os.environ[name].encode()
        if not self.lists.signing_key_file:
            return None
        path = Path(self.lists.signing_key_file)
        if self.config_path is not None:
            path = self.config_path.parent / path
        try:
            return path.read_bytes()
        except OSError as error:
            message = (
                f"lists.signing_key_file cannot be read: {error}. Nothing was released."
            )
            raise errors.InputError(message) from error


def load(
    *,
    home: Path | None = None,
    config: Path | None = None,
    environment: Mapping[str, str] | None = None,
    default_home: Path = Path("var"),
) -> Settings:
    """Settings from the command line, the environment and the configuration file, in that order of precedence.

    Args:
        home: ``--home``; else ``PUPPETWATCH_HOME``; else ``default_home``.
        config: ``--config``; else ``./puppetwatch.toml`` if it is there.
        environment: Defaults to the process's own.
        default_home: Used when nothing names a home.

    Returns:
        The settings; ``config_path`` is null when there is no configuration file.

    Raises:
        InputError: the named file is missing or is not TOML, or a key is unknown or of the wrong type or range.
    """
    environment = os.environ if environment is None else environment
    root = home or Path(environment.get("PUPPETWATCH_HOME") or default_home)
    settings = Settings(home=home_module.Home(root.absolute()), config_path=None)
    path = config or Path("puppetwatch.toml")
    if not path.exists():
        if config is not None:
            message = (
                f"Configuration {config} does not exist. `puppetwatch init` writes one."
            )
            raise errors.InputError(message)
        return settings
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"Configuration {path} cannot be read: {error}."
        raise errors.InputError(message) from error
    return _merged(settings, table, path)


def _merged(settings: Settings, table: dict[str, Any], path: Path) -> Settings:
    changes: dict[str, Any] = {"config_path": path.absolute()}
    for key, value in table.items():
        if key == "sources":
            changes["sources"] = _sources(value, path)
        elif key == "pack":
            changes["pack"] = _typed(value, str, "pack", path)
        elif key in {
            "crawl",
            "lists",
            "quality",
            "publish",
            "evidence",
            "linking",
            "retention",
        }:
            changes[key] = _section(getattr(settings, key), value, key, path)
        else:
            raise _unknown(
                key,
                "",
                path,
                [
                    "pack",
                    "crawl",
                    "sources",
                    "lists",
                    "quality",
                    "publish",
                    "evidence",
                    "linking",
                    "retention",
                ],
            )
    merged = dataclasses.replace(settings, **changes)
    if not 0 < merged.lists.medium < merged.lists.high < 1:
        message = f"Configuration {path}: expected 0 < lists.medium < lists.high < 1, found {merged.lists.medium} and {merged.lists.high}."
        raise errors.InputError(message)
    return merged


def _section(defaults: Any, table: object, name: str, path: Path) -> Any:  # noqa: ANN401  (one of the sections' dataclasses)
    if not isinstance(table, dict):
        message = f"Configuration {path}: expected a table [{name}], found {table!r}."
        raise errors.InputError(message)
    known = {
        field.name: type(getattr(defaults, field.name))
        for field in dataclasses.fields(defaults)
    }
    values = {}
    for key, value in table.items():
        if key not in known:
            raise _unknown(key, name, path, known)
        values[key] = _typed(value, known[key], f"{name}.{key}", path)
    return dataclasses.replace(defaults, **values)


def _sources(table: object, path: Path) -> dict[str, dict[str, Any]]:
    if not isinstance(table, dict):
        message = (
            f"Configuration {path}: expected tables [sources.NAME], found {table!r}."
        )
        raise errors.InputError(message)
    sources: dict[str, dict[str, Any]] = {}
    for name, options in table.items():
        if name not in SOURCE_OPTIONS:
            raise _unknown(name, "sources", path, SOURCE_OPTIONS)
        if not isinstance(options, dict):
            message = f"Configuration {path}: expected a table [sources.{name}], found {options!r}."
            raise errors.InputError(message)
        merged = dict(SOURCE_DEFAULTS[name])
        for key, value in options.items():
            if key not in SOURCE_OPTIONS[name]:
                raise _unknown(
                    key,
                    "sources." + name,
                    path,
                    SOURCE_OPTIONS[name],
                )
            merged[key] = _typed(
                value, SOURCE_OPTIONS[name][key], f"sources.{name}.{key}", path
            )
        sources[name] = merged
    return sources


def _typed(value: object, expected: type, name: str, path: Path) -> Any:  # noqa: ANN401  (the type is ``expected``)
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not expected or (expected in {int, float} and not value >= 0):  # type: ignore[operator]
        message = f"Configuration {path}: expected {name} to be a non-negative {expected.__name__}, found {value!r}."
        raise errors.InputError(
            message.replace("non-negative str", "text").replace(
                "non-negative list", "list"
            )
        )
    return value


def _unknown(
    key: str, section: str, path: Path, known: Iterable[str]
) -> errors.InputError:
    names = ", ".join(known)
    where = f" in [{section}]" if section else ""
    return errors.InputError(
        f"Configuration {path}: unknown key {key}{where}. Known there: {names}."
    )


def effective(settings: Settings) -> dict[str, Any]:
    """All values in force as plain data, for ``puppetwatch settings``. Holds no secret: none is ever configured here."""
    return {
        "home": str(settings.home.root),
        "config": str(settings.config_path) if settings.config_path else None,
        "pack": settings.pack,
        **{
            name: dataclasses.asdict(getattr(settings, name))
            for name in (
                "crawl",
                "lists",
                "quality",
                "publish",
                "evidence",
                "retention",
            )
        },
        "sources": {name: dict(options) for name, options in settings.sources.items()},
    }
