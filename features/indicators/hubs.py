"""Values that belong to everybody: public hotlines, couriers, platforms' own sites, link shorteners, placeholders.

In: kinds and canonical values (``canonical``). Out: whether a value is on the shipped warninglist. A listed
value joins nobody, however many or few show it. Lists are only the first net: ``relatedness`` finds the hubs that
nobody has listed yet, and an operator's allowlist adds to them.

Sources: short codes follow the public numbering plan (10xxx telecommunications, 11xxx and 12xxx government and postal
services, 95xxx and 96xxx nationwide businesses: banks, insurers, couriers, platforms); the lists stand in
``warninglists.toml``, with theirs. An operator's own list (``read_list``) has kinds as keys.
"""

from __future__ import annotations

import tomllib
from importlib import resources

import polars as pl

from features.indicators import canonical
from warehouse import errors

#: Short codes are public by the numbering plan: 110, 10086, 12315, 95338, 96110, 950616, 9510211, …
SHORT_CODE = r"^(?:1\d{2}|1[0-2]\d{3,6}|9[56]\d{3,6})$"
#: A number without subscriber part is nobody's; local numbers without an area code have seven digits or more.
MIN_PHONE_DIGITS = 7
#: Paths of decoded codes that name a person or a group are longer.
MIN_CODE_CHARS = 6
_LISTS: dict[str, list[str]] = tomllib.loads(
    resources.files("features").joinpath("warninglists.toml").read_text("utf-8")
)
PLATFORMS, COURIERS = _LISTS["platforms"], _LISTS["couriers"]
SHORTENERS, PUBLIC_SUFFIXES = _LISTS["shorteners"], _LISTS["public_suffixes"]
BUILDERS, MAIL_PROVIDERS = _LISTS["builders"], _LISTS["mail_providers"]
PLACEHOLDERS, PLATFORM_COMPANIES = _LISTS["placeholders"], _LISTS["platform_companies"]
#: Public hotlines, for what a text calls one.
HOTLINES = frozenset(_LISTS["hotlines"])
SERVICE_LINES, PLACEHOLDER_PHONES = (
    _LISTS["service_lines"],
    _LISTS["placeholder_phones"],
)

_PHONES = (*SERVICE_LINES, *PLACEHOLDER_PHONES)
_BUILDER_HOSTS = (*BUILDERS, *(f"m.{name}" for name in BUILDERS))
_SITES = tuple(sorted({*PLATFORMS, *COURIERS, *SHORTENERS, *PUBLIC_SUFFIXES}))


def is_public_phone(phone: pl.Expr) -> pl.Expr:
    """Whether a phone may be a service line of many: all but mobiles and landlines with an area code."""
    return ~phone.str.contains(r"^(?:1[3-9]\d{9}|0\d{9,11})$")


def _is_public_site(domain: pl.Expr) -> pl.Expr:
    """The site itself or a name under it."""
    # Each dotted tail of the name is looked up: linear in names, whatever the length of the list.
    labels = domain.str.split(".")
    tails = [labels.list.tail(length).list.join(".") for length in (2, 3)]
    return pl.any_horizontal(
        domain.is_in(_SITES), *(tail.is_in(_SITES) for tail in tails)
    )


def _only(kind: pl.Expr, value: pl.Expr, wanted: str) -> pl.Expr:
    return pl.when(kind == wanted).then(value)


def is_listed(kind: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Whether a value is on the shipped warninglist.

    Args:
        kind: Indicator kinds.
        value: Canonical values.

    Returns:
        Booleans, never null. A page (``url``) under a platform's domain is not listed: it may be one seller's form.
    """
    # Each test sees the values of its own kind only, the others as nulls, which cost nothing.
    mailbox = _only(kind, value, "email").str.extract(r"@(.+)$", 1)
    desk = _is_public_site(mailbox) & ~mailbox.is_in(MAIL_PROVIDERS)
    number = _only(kind, value, "phone")
    phone = (
        number.str.contains(SHORT_CODE)
        | (number.str.len_chars() < MIN_PHONE_DIGITS)
        | number.is_in(_PHONES)
    )
    site = _only(kind, value, "domain")
    # A code that opens a platform's or an app's front page; with a path it may be a person's card.
    scanned = canonical.bare_address(_only(kind, value, "qr"))
    front = _is_public_site(scanned.str.extract(r"^([^/?#]*)", 1)) & (
        scanned.str.extract(r"^[^/?#]*(.*)$", 1).str.len_chars() < MIN_CODE_CHARS
    )
    return (
        pl.when(kind == "phone")
        .then(phone)
        .when(kind == "domain")
        .then(_is_public_site(site) | site.is_in(_BUILDER_HOSTS))
        .when(kind == "email")
        .then(desk)
        .when(kind == "qr")
        .then(front)
        .when(kind.is_in(["wechat", "qq", "qq_group", "telegram"]))
        .then(value.is_in(PLACEHOLDERS))
        .when(kind == "company")
        .then(value.is_in(PLATFORM_COMPANIES))
        .otherwise(pl.lit(value=False))
        .fill_null(value=False)
    )


def read_list(text: str, *, name: str) -> pl.DataFrame:
    """An operator's own warninglist.

    Args:
        text: TOML: ``kind = ["value", …]``, kinds of CONTRACT section 1.
        name: What to call it in errors.

    Returns:
        ``kind``, ``value`` (canonical), distinct and sorted.

    Raises:
        InputError: it is no TOML, a kind is unknown, or a value is none of its kind.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"Warninglist {name} cannot be read: {error}."
        raise errors.InputError(message) from error
    parts = [pl.DataFrame(schema={"kind": pl.String, "value": pl.String})]
    for kind, values in table.items():
        if kind not in canonical.KINDS or not isinstance(values, list):
            message = (
                f"Warninglist {name}: {kind} is no list of a known kind. Expected any of {', '.join(canonical.KINDS)}, "
                'as in phone = ["4000000000"].'
            )
            raise errors.InputError(message)
        written = pl.DataFrame({"value": [str(value) for value in values]})
        value = pl.col("value")
        read = written.select(
            pl.lit(kind).alias("kind"),
            canonical.hosts(value)
            if kind == "domain"
            else canonical.value_of(kind, value),
        )
        if read["value"].null_count():
            bad = written.filter(read["value"].is_null())["value"][0]
            message = f"Warninglist {name}: {bad!r} is no {kind}. Nothing was read; correct the value or take it out."
            raise errors.InputError(message)
        parts.append(read)
    return pl.concat(parts).unique().sort("kind", "value")
