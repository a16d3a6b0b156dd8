"""淘宝联盟's search (TOP API ``taobao.tbk.dg.material.optional.upgrade``): an answer to records of kind ``listing``.

In: one object being consumed. Out: ``Parsed``. The answer's links carry the caller's promotion ids and are never kept;
its item ids are the Union's own, so a listing has no address. No time is given. Making and signing requests is no
business of this module. Shapes: platforms/taobao.md A.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from crawlers.sources import answers, blocks, captions, listings, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Parsed, Record, from_records

PLATFORM: Final = "taobao"

#: Method families whose answers are read; a new one is a new shape.
_METHODS: Final = (
    "tbk_dg_material_optional_upgrade_response",
    "tbk_dg_material_recommend_upgrade_response",
    "tbk_dg_material_optional_response",
)
#: TOP's general error codes (open.taobao.com, 错误码): what each means to us.
_CODES: Final = {
    4: ("rate_limited", "call limit"), 5: ("rate_limited", "call limit"), 6: ("rate_limited", "call limit"),
    7: ("rate_limited", "call limit"), 8: ("rate_limited", "call limit"), 11: ("blocked", "permission missing"),
    12: ("blocked", "permission missing"), 13: ("blocked", "permission missing"), 24: ("blocked", "signature"),
    25: ("blocked", "signature"), 26: ("not_authorised", "session"), 27: ("not_authorised", "session"),
    28: ("not_authorised", "app key"), 29: ("not_authorised", "app key"), 42: ("blocked", "permission missing"),
}  # fmt: skip
_REMOTE: Final = 15
_NOTHING = re.compile(
    r"无结果|(?:没有|未|无)(?:找到|查到|查询到|搜索到|相关|符合|匹配)|结果为空|no.?results?|not.?found",
    re.IGNORECASE,
)


def is_answer(top: Fields) -> bool:
    """Whether an object is an answer of TOP."""
    return any(top.has(name) for name in ("error_response", *_METHODS))


def read_search(
    top: Fields, unknown: set[str], *, url: str, query: str | None, fetched_at: datetime
) -> Parsed:
    """The search call, or the error that came in its place.

    Args:
        top: The answer.
        unknown: Collects unknown fields.
        url: Where it came from; ``page_no`` and ``page_size`` in it tell a page after the last from a block.
        query: What was searched for.
        fetched_at: Becomes ``crawled_at``.
    """
    if top.has("error_response"):
        return _refused(top.child("error_response"))
    name = next((name for name in _METHODS if top.has(name)), _METHODS[0])
    answer = top.child(name)
    total = answer.count("total_results")
    held = answer.part("result_list")
    found = held.objects("map_data")
    answer.skip("request_id", "page_result_key", "is_default")
    for part in (held, answer, top):
        part.close()

    def read(entry: Fields) -> Record:
        return _item(entry, unknown, query=query, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path=f"$.{name}.result_list.map_data", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    page, size = (_number(url, part) for part in ("page_no", "page_size"))
    return listings.without_entries(
        total,
        is_past_end=bool(total and page and size and (page - 1) * size >= total),
        uncounted=("schema_drift", f"$.{name}: neither entries nor total_results"),
        unknown=unknown,
    )


def _number(url: str, name: str) -> int | None:
    value = urls.parameter(url, name) or ""
    return int(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else None


def _refused(error: Fields) -> Parsed:
    """TOP's error object; some methods say there that nothing was found."""
    code, message = error.count("code"), error.text("msg") or ""
    sub_code, sub_message = error.text("sub_code") or "", error.text("sub_msg") or ""
    reason = f"TOP code {code}, {sub_code[:80] or 'no sub_code'}: {message[:80]}"
    if code == _REMOTE and _NOTHING.search(f"{sub_code} {sub_message}"):
        return Parsed("empty", reason=f"{reason}; the service says no result")
    if "limited" in sub_code and "permission" not in sub_code:
        return Parsed("rate_limited", reason=reason)
    status, meaning = _CODES.get(code or 0, (None, None))
    if status and meaning:
        return Parsed(status, reason=f"{meaning}, {reason}")
    said = f"{message} {sub_code} {sub_message}"
    return Parsed(answers.refusal(said, otherwise="error"), reason=reason)


def _item(
    entry: Fields, unknown: set[str], *, query: str | None, fetched_at: datetime
) -> Record:
    number = entry.needed_identity("item_id")
    basic = entry.child("item_basic_info")
    title = captions.plain(basic.needed_text("title"))
    seller = basic.needed_identity("seller_id")
    if title is None:
        refuse(basic.path("title"), "expected text, found only markup")
    shop_name = captions.plain(basic.text("shop_title"))
    short, longer = basic.text("short_title"), basic.text("sub_title")
    prices = entry.part("price_promotion_info")
    sales, yearly = basic.text("tk_total_sales"), basic.text("annual_vol")
    record: Record = {
        "platform": PLATFORM,
        "kind": "listing",
        "post_id": number,
        "url": None,
        "transport": "api",
        "query": query,
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": listings.details(title, (longer, short)),
        "author": {
            "id": seller,
            "id_kind": "native",
            "name": shop_name,
            "region": captions.plain(basic.text("provcity")),
        },
        "media": _pictures(basic),
        "metrics": {"sales": basic.count("volume")},
        "listing": {
            "price_yuan": listings.price(
                prices, "zk_final_price", "final_promotion_price", "reserve_price", unknown=unknown
            ),
            "sales_text": sales or yearly,
            # Shapes of the web name the shop by a number of its own; here the seller's number is all there is.
            "shop_id": None,
            "shop_name": shop_name,
        },
    }  # fmt: skip
    prices.skip(
        "promotion_tag_list", "final_promotion_path_list", "cut_down_price", "final_promotion_tag_list",
        "predict_rounding_up_price", "predict_rounding_up_path_list", "predict_rounding_up_price_desc",
        "more_promotion_list", "future_activity_promotion_price", "future_activity_promotion_path_list",
    )  # fmt: skip
    basic.skip(
        "annual_vol", "brand_name", "category_id", "category_name", "level_one_category_id",
        "level_one_category_name", "real_post_fee", "user_type", "item_promotion_type_list",
    )  # fmt: skip
    # Links with the caller's promotion ids, what it earns, and how the entry was found.
    entry.skip(
        "publish_info",
        "presale_info",
        "scope_info",
        "match_score",
        "tmall_rank_info",
        "bybt_info",
    )
    for part in (basic, prices, entry):
        part.close()
    return record


def _pictures(basic: Fields) -> list[dict[str, Any]]:
    main, white = basic.take("pict_url"), basic.take("white_image")
    small = basic.take("small_images")
    more = small.get("string") if isinstance(small, dict) else small
    # One text where a list of one would stand.
    found = more if isinstance(more, list) else [more]
    links = captions.once(
        link for link in (main, white, *found) if isinstance(link, str) and link.strip()
    )
    return blocks.media(("image", link) for link in links)
