"""The import record of CONTRACT section 3: fields and types of each of its parts."""

TEXT, NUMBER, FLAG, MAP, LIST = str, int, bool, dict, list


#: CONTRACT section 3: field to type; None is allowed everywhere but in the required ones.
FIELDS = {
    "platform": TEXT, "kind": TEXT, "post_id": TEXT, "url": TEXT, "transport": TEXT, "query": TEXT, "published_at": TEXT,
    "published_precision": TEXT, "crawled_at": TEXT, "title": TEXT, "text": TEXT, "text_truncated": FLAG, "parent_id": TEXT,
    "repost_of": TEXT, "author": MAP, "hashtags": LIST, "mentions": LIST, "links": LIST, "live": MAP, "media": LIST, "metrics": MAP,
    "listing": MAP, "complaint": MAP, "ad": MAP, "identifiers": LIST, "evidence_sha256": TEXT,
}  # fmt: skip


AUTHOR = {
    "id": TEXT, "id_kind": TEXT, "handle": TEXT, "name": TEXT, "bio": TEXT, "url": TEXT, "verified": TEXT, "verified_raw": TEXT,
    "followers": NUMBER, "following": NUMBER, "posts": NUMBER, "created_at": TEXT, "region": TEXT,
}  # fmt: skip


METRICS = dict.fromkeys(
    ("views", "likes", "comments", "shares", "collects", "sales"), NUMBER
)


LISTING = {
    "price_yuan": NUMBER, "sales_text": TEXT, "shop_id": TEXT, "shop_name": TEXT, "company": TEXT, "uscc": TEXT, "is_promoted": FLAG,
}  # fmt: skip


COMPLAINT = {
    "target": TEXT,
    "target_id": TEXT,
    "amount_yuan": NUMBER,
    "issues": LIST,
    "demand": TEXT,
    "status": TEXT,
}


MEDIA = {
    "url": TEXT,
    "kind": TEXT,
    "sha256": TEXT,
    "phash": TEXT,
    "ocr": TEXT,
    "qr": TEXT,
}


KINDS = {"post", "listing", "article", "live", "comment", "complaint", "profile"}


ID_KINDS = {"native", "handle", "domain", "feed", "anonymous"}


def has_shape(value, shape):
    return list(value) == list(shape) and all(
        item is None
        or (
            isinstance(item, shape[name])
            and (shape[name] is not NUMBER or not isinstance(item, bool))
        )
        for name, item in value.items()
    )
