"""Import records (CONTRACT §3) in each platform's habits: ids, times, counters, pictures, listing and complaint blocks.

In: an account, what it wrote, when. Out: one dict per crawl of the post, JSON-serialisable, with every field of the
contract present (null where the platform says nothing), and the truth of contacts that stand outside title and text.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from crawlers.sandbox import dice
from crawlers.sandbox.language.writer import PlantedContact, planted
from crawlers.sandbox.people import identities
from crawlers.sandbox.platforms import venues

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from crawlers.sandbox.language.texts import Written
    from crawlers.sandbox.people.accounts import Account, Registry

SHANGHAI = timezone(timedelta(hours=8))
TAGS = (
    "数字人",
    "AI",
    "创业",
    "副业",
    "直播",
    "加盟",
    "招商",
    "AI数字人",
    "赚钱项目",
    "日常",
    "干货",
    "避坑",
    "维权",
    "科技",
)
QUERIES = (
    "数字人代理",
    "数字人加盟",
    "数字人源头厂家",
    "数字人招商",
    "数字人代理费",
    "数字人",
)
LIVE_VENUES = frozenset(("douyin", "kuaishou", "wechat_channels"))
#: Stock pictures that everybody uses.
STOCK = tuple(f"{seed * 0x9E3779B97F4A7C15 % 2**64:016x}" for seed in range(1, 9))
COMPLAINT_STATUS = ("处理中", "已回复", "已完成", "审核通过", "待分配")
COMPLAINT_DEMANDS = ("退款", "退款,赔偿", "退款,道歉", "解释", "退款,作出处罚")
COMPLAINT_ISSUES = (
    "虚假宣传",
    "不退款",
    "诱导消费",
    "服务质量",
    "合同纠纷",
    "联系不上商家",
)
EDITS = (
    "\n（已编辑）",
    " 更新一下",
    "\n——补充：错别字已改",
    "。谢谢大家的转发",
    "\n置顶",
)


class Outside(NamedTuple):
    """A contact that a record shows outside title and text."""

    field: str
    contact: PlantedContact


def post_id(rng: random.Random, account: Account, number: int, *, cell: int) -> str:
    """The platform's own id of an account's post with this running number."""
    place = venues.VENUES[account.platform]
    if place.slug == "landing":
        path = ("", "join", "about", "faq", "news", "case", "price", "policy")[
            number % 8
        ]
        return (
            account.native
            + (f"/{path}" if path else "")
            + (f"/{number // 8}" if number >= 8 else "")
        )
    serial = f"99{cell:04d}{rng.randrange(10**12):012d}"
    if place.slug == "rss":
        return f"https://{account.native}.feeds.example/p/{serial}"
    if place.slug == "bilibili":
        return f"BVdemo{serial[6:]}"
    return serial.ljust(place.digits, "0")


def moment(when: datetime) -> str:
    """ISO 8601 to the second; every moment of a market is in Shanghai's time."""
    return when.isoformat(timespec="seconds")


def record(
    rng: random.Random,
    account: Account,
    written: Written,
    *,
    native: str,
    published: datetime,
    crawled: datetime,
    picture_text: str | None = None,
    qr: str | None = None,
    parent_id: str | None = None,
    tags: Sequence[str] = (),
) -> dict[str, Any]:
    """The record of a post as first crawled.

    Args:
        rng: The generator.
        account: Who wrote it.
        written: What was written.
        native: The platform's id.
        published: When; hidden where the platform shows no time.
        crawled: The night in which it was found.
        picture_text: What stands in its picture.
        qr: What the code in its picture says.
        parent_id: The post that it comments on; makes it a comment.
        tags: Its hashtags.
    """
    place = venues.VENUES[account.platform]
    text, title = written.text.text, written.title.text if written.title else None
    url = (
        native
        if place.slug == "rss"
        else place.url.format(post=native, author=account.native)
    )
    # A comment has its own counters; only video platforms have rooms.
    is_live = parent_id is None and place.slug in LIVE_VENUES and rng.random() < 0.04
    identifiers: list[dict[str, str]] = []
    if place.slug == "landing" and account.registry:
        registry = account.registry
        identifiers = [
            {"kind": "company", "value": registry.company, "field": "footer"},
            {"kind": "uscc", "value": registry.uscc, "field": "footer"},
            {"kind": "icp", "value": registry.icp, "field": "footer"},
            {
                "kind": "police_filing",
                "value": registry.police_filing,
                "field": "footer",
            },
            {"kind": "analytics_id", "value": registry.analytics_id, "field": "script"},
        ]
    return {
        "platform": place.slug,
        "kind": "comment" if parent_id else "live" if is_live else place.kind,
        "post_id": native,
        "url": url,
        "transport": place.transport,
        "query": dice.pick(rng, QUERIES)
        if place.transport in {"api", "export"} and rng.random() < 0.6
        else None,
        "published_at": None
        if place.precision == "none"
        else _published(published, place.precision),
        "published_precision": place.precision,
        "crawled_at": moment(crawled),
        "title": title,
        "text": text,
        "text_truncated": False,
        "parent_id": parent_id,
        "repost_of": None,
        "author": {
            "id": account.native,
            "id_kind": place.id_kind,
            "handle": account.handle,
            "name": account.name,
            "bio": account.bio.text if account.bio else None,
            "url": None,
            "verified": account.verified,
            "verified_raw": None,
            "followers": account.followers
            if place.metrics and place.slug != "heimao"
            else None,
            "following": account.followers % 700 if place.shows_bio else None,
            "posts": account.post_count * 3 if place.shows_bio else None,
            "created_at": None,
            "region": account.region,
        },
        "hashtags": list(tags),
        "mentions": [],
        "links": [
            f"https://{item.value}/"
            for item in written.text.contacts
            if item.kind == "domain" and not item.is_hub
        ],
        "live": {
            "is_live": is_live,
            "room_id": f"88{native[-10:]}" if is_live else None,
        },
        "media": []
        if parent_id
        else _media(rng, account, place, native, picture_text=picture_text, qr=qr),
        "metrics": _metrics(rng, account, place),
        "listing": _listing(rng, account),
        "complaint": _complaint(rng, account, written),
        "ad": {
            "advertiser": None,
            "payer": None,
            "first_shown": None,
            "last_shown": None,
        },
        "identifiers": identifiers,
        "evidence_sha256": None,
    }


def outside(
    account: Account, *, in_picture: Sequence[PlantedContact], qr: str | None
) -> list[Outside]:
    """The contacts that a record of this account shows outside title and text."""
    found = (
        [Outside("bio", item) for item in account.bio.contacts] if account.bio else []
    )
    found += [Outside("media", item) for item in in_picture]
    if qr:
        found.append(Outside("media", PlantedContact("qr", qr, "own", qr, "qr")))
    if account.registry and account.platform in venues.SHOPS:
        found += _registered(account.registry, "listing", ("company", "uscc"))
    if account.registry and account.platform == "landing":
        kinds = ("company", "uscc", "icp", "police_filing", "analytics_id")
        found += _registered(account.registry, "identifiers", kinds)
    if account.platform == "landing":
        found.append(
            Outside(
                "author",
                PlantedContact("domain", account.native, "own", account.native),
            )
        )
    return found


def _registered(registry: Registry, field: str, kinds: Sequence[str]) -> list[Outside]:
    values = [(kind, str(getattr(registry, kind))) for kind in kinds]
    return [Outside(field, planted(kind, value, "own")) for kind, value in values]


def again(
    rng: random.Random, first: dict[str, Any], crawled: datetime, *, is_edited: bool
) -> dict[str, Any]:
    """The same post as crawled later: counters have grown, and the text may have a harmless addition."""
    metrics = {
        name: None
        if value is None
        else value + int(value * rng.random() * 2) + int(rng.random() * 5)
        for name, value in first["metrics"].items()
    }
    text = first["text"] + dice.pick(rng, EDITS) if is_edited else first["text"]
    return {**first, "crawled_at": moment(crawled), "metrics": metrics, "text": text}


def _published(when: datetime, precision: str) -> str:
    return moment(when.replace(second=0) if precision == "minute" else when)


def hashtags(rng: random.Random, slug: str) -> list[str]:
    """Tags of a post; none on platforms without."""
    if slug not in venues.TAGGED or rng.random() < 0.4:
        return []
    return sorted({dice.pick(rng, TAGS) for _ in range(1 + int(rng.random() * 4))})


def _metrics(
    rng: random.Random, account: Account, place: venues.Venue
) -> dict[str, int | None]:
    reach = rng.random()
    base = account.followers * reach * reach
    shares = {
        "views": 5.0,
        "likes": 0.2,
        "comments": 0.05,
        "shares": 0.03,
        "collects": 0.06,
        "sales": 0.01,
    }
    return {
        name: int(base * share * (0.3 + rng.random()))
        if name in place.metrics
        else None
        for name, share in shares.items()
    }


def _media(
    rng: random.Random,
    account: Account,
    place: venues.Venue,
    native: str,
    *,
    picture_text: str | None,
    qr: str | None,
) -> list[dict[str, Any]]:
    if not place.has_media:
        return []
    kind = (
        "cover"
        if place.slug in {"douyin", "kuaishou", "wechat_channels", "bilibili"}
        else "image"
    )
    if picture_text is None and qr is None and rng.random() < 0.3:
        return []
    phash = (
        dice.pick(rng, STOCK)
        if rng.random() < 0.15
        else identities.near_phash(rng, account.phash)
    )
    return [
        {
            "url": f"https://img.example.com/{place.slug}/{native}.jpg",
            "kind": kind,
            "sha256": None,
            "phash": phash,
            "ocr": picture_text,
            "qr": qr,
        }
    ]


def show_own_picture(
    rng: random.Random, account: Account, record: dict[str, Any]
) -> None:
    """Make the picture of a record its account's usual one; where the platform has pictures."""
    place = venues.VENUES[account.platform]
    if not place.has_media:
        return
    if not record["media"]:
        record["media"] = _media(rng, account, place, record["post_id"], picture_text="", qr=None)  # fmt: skip
        record["media"][0]["ocr"] = None
    record["media"][0]["phash"] = identities.near_phash(rng, account.phash)


def _listing(rng: random.Random, account: Account) -> dict[str, Any]:
    is_listing = venues.VENUES[account.platform].kind == "listing"
    registry = account.registry if is_listing else None
    price = None
    if is_listing:
        price = (
            1
            if account.party in {"ring", "lone"} and rng.random() < 0.5
            else account.facts.price
        )
    return {
        "price_yuan": price,
        "sales_text": f"已售{int(rng.random() * 300)}+"
        if is_listing and rng.random() < 0.6
        else None,
        "shop_id": account.native
        if is_listing and account.platform != "xianyu"
        else None,
        "shop_name": account.name if is_listing else None,
        "company": registry.company if registry else None,
        "uscc": registry.uscc if registry else None,
        "is_promoted": rng.random() < 0.2 if is_listing else None,
    }


def _complaint(
    rng: random.Random, account: Account, written: Written
) -> dict[str, Any] | None:
    if account.platform != "heimao":
        return None
    paid = [
        item.amount.yuan
        for item in written.text.sums
        if item.role in {"agency_fee", "price", "loss"}
    ]
    # People name the registered company only where the seller shows it.
    shows_company = account.accuses is None or account.accuses.registry is not None
    target = (
        account.facts.company
        if shows_company and rng.random() < 0.5
        else account.facts.brand
    )
    return {
        "target": target,
        "target_id": None,
        "amount_yuan": paid[0] if paid and rng.random() < 0.85 else None,
        "issues": sorted(
            {dice.pick(rng, COMPLAINT_ISSUES) for _ in range(1 + int(rng.random() * 2))}
        ),
        "demand": dice.pick(rng, COMPLAINT_DEMANDS),
        "status": dice.pick(rng, COMPLAINT_STATUS),
    }
