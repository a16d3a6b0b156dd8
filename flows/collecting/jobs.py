"""What a night collects: one job per configured source, from the settings and the pack's keywords.

A job is plain data. With ``start`` a live crawl is made of it (``flows.collecting.collect``); with ``drop`` a folder is looked
through (``flows.collecting.drops``); a source may have both. Making jobs asks for nothing and reads no key.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawlers.sources import authorised
from flows import log
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flows import settings as settings_module

Job = dict[str, Any]

#: Sources that can be asked; of the others people drop what they saved.
_ASKED = frozenset({"heimao", "36kr", "rss", "landing", "wechat_mp", *authorised.AUTHORITIES})  # fmt: skip
#: What a search that works always finds.
_ALWAYS_FOUND = "手机"


def live_jobs(settings: settings_module.Settings, keywords: Sequence[str]) -> list[Job]:
    """One job per configured source that has something to ask for.

    Raises:
        InputError: there is no configuration, or it does not say who crawls.
    """
    if settings.config_path is None:
        message = (
            "There is no puppetwatch.toml, so nothing is crawled. `puppetwatch init` writes one; "
            "`puppetwatch nightly --sandbox` tries the bundled platforms; `--no-crawl` works on imported posts."
        )
        raise errors.InputError(message)
    if not settings.crawl.contact.strip():
        message = f"{settings.config_path}: crawl.contact is empty. Say who crawls, so that a site's owner can reach you."
        raise errors.InputError(message)
    jobs = []
    for name, options in settings.sources.items():
        job = {
            **_asking(name, options, settings, keywords),
            **({"source": name, "drop": _folder(settings, options["drop"])} if options.get("drop") else {}),
            **({"map": list(options["map"])} if options.get("map") else {}),
        }  # fmt: skip
        if not job:
            log.say(f"source {name} is configured without an address or a folder and is left out")  # fmt: skip
            continue
        jobs.append(job)
    return jobs


def _asking(
    name: str,
    options: Mapping[str, Any],
    settings: settings_module.Settings,
    keywords: Sequence[str],
) -> Job:
    """What is asked of a source; nothing where it has no address, or neither keys nor another way than its folder."""
    if name not in _ASKED:
        return {}
    authority = authorised.AUTHORITIES.get(name)
    credentials = _credentials(authority, options) if authority else {}
    if authority and not credentials and options.get("drop"):
        return {}
    start = authority.starts(keywords, options) if authority else _starts(name, options)
    if not start:
        return {}
    canary = _canary(name, start, options)
    return {
        "source": name,
        "start": start,
        "contact": settings.crawl.contact,
        "private_hosts": list(options.get("private_hosts", [])),
        "keywords": list(keywords) if name == "heimao" else [],
        **({"canary": canary} if canary else {}),
        **({"credentials": credentials} if authority else {}),
        "limits": {
            "pages": settings.crawl.pages_per_source,
            "seconds": settings.crawl.seconds_per_source,
            "delay": settings.crawl.delay_seconds,
        },
    }


def _canary(name: str, start: Sequence[Any], options: Mapping[str, Any]) -> Any:  # noqa: ANN401 (an address, or a feed with its name)
    """What always has results, so that an answer without any tells of a silent block.

    A search is asked for something that everybody sells; the two feeds of everything are their own canaries. Other
    feeds and pages may honestly be empty or gone: theirs is what the operator names.
    """
    authority = authorised.AUTHORITIES.get(name)
    if authority:
        return authority.starts([options.get("canary") or _ALWAYS_FOUND], options)[0]
    if options.get("canary"):
        return str(options["canary"])
    return start[0] if name in {"heimao", "36kr"} else None


def _folder(settings: settings_module.Settings, folder: str) -> str:
    """A drop folder; relative ones lie beside the configuration."""
    beside = settings.config_path.parent if settings.config_path else Path()
    return str((beside / folder).absolute())


def _credentials(
    authority: authorised.Authority,
    options: Any,  # noqa: ANN401  (a source's own table)
) -> dict[str, dict[str, str]]:
    """Where the keys are. The job file holds no key, and the crawl's process reads them itself."""
    return {
        key: {kind: options[f"{key}_{kind}"]}
        for key in authority.needs
        for kind in ("file", "env")
        if options.get(f"{key}_{kind}")
    }


def _starts(name: str, options: Any) -> list[Any]:  # noqa: ANN401  (a source's own table)
    if name == "heimao":
        return [
            f"{options['base_url'].rstrip('/')}/api/index/feed?type=1&page_size=10&page=1"
        ]
    if name in {"landing", "wechat_mp"}:
        return list(options["urls"])
    return [
        {"url": feed["url"], "id": feed["name"]}
        if isinstance(feed, dict) and "name" in feed
        else feed
        for feed in options["feeds"]
    ]
