"""Posts of 120 characters, 30 % on the trade, all distinct: what reading is timed on.

On topic is what the invented market's parties write (pitches, vendors, news, police, victims); the rest is daily life,
small talk of camouflaged sellers, complaints about parcels, and traps for substring matching. Short posts are laid
together with a line break until they are long enough, long ones are cut.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count

from crawlers.sandbox import dice, market
from crawlers.sandbox.language import facts, texts

SIZE = 120
ON_TOPIC = 0.3
EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
#: What the rest is about; the share of each is its share of this list.
GENRES = ("daily",) * 6 + ("camouflage", "camouflage", "trap", "grumble")
#: What of it is about the trade after all, and left out.
ABOUT_TRADE = re.compile("数字人|数智|虚拟|AI|直播|主播|代理|加盟")


def posts(seed: int, number: int) -> list[tuple[str, bool]]:
    """Distinct texts of ``SIZE`` characters, each with whether it is about the trade, mixed.

    The same arguments give the same posts.
    """
    rng = dice.dice(seed, "bench")
    about = round(number * ON_TOPIC)
    trade = _distinct(_pieces(_trade(seed)), about)
    rest = _distinct(_pieces(_rest(seed)), number - about)
    mixed = [(text, True) for text in trade] + [(text, False) for text in rest]
    rng.shuffle(mixed)
    return mixed


def _trade(seed: int) -> Iterator[str]:
    for turn in count():
        for record in market.stream(
            seed * 1000 + turn, epoch=EPOCH, posts=50_000, on_topic=1.0
        ):
            yield "\n".join(
                part for part in (record.get("title"), record.get("text")) if part
            )


def _rest(seed: int) -> Iterator[str]:
    rng = dice.dice(seed, "rest")
    for turn in count():
        speaker = facts.draw(rng, "示例", "示例科技有限公司")
        # Numbers keep small talk distinct, as dates and counts do in real posts.
        speaker.contacts = [facts.Contact("wechat", f"demo_{turn:07}")]
        genre = dice.pick(rng, GENRES)
        if genre == "grumble":
            written = texts.grumble(rng, speaker)
        else:
            written = texts.other(rng, speaker, genre=genre, has_title=False)
        if genre == "trap" or not ABOUT_TRADE.search(written.text.text):
            yield written.text.text


def _pieces(written: Iterable[str]) -> Iterator[str]:
    held = ""
    for text in written:
        held = f"{held}\n{text}" if held else text
        if len(held) >= SIZE:
            yield held[:SIZE]
            held = ""


def _distinct(written: Iterable[str], number: int) -> list[str]:
    kept: dict[str, None] = {}
    for text in written:
        if len(kept) == number:
            break
        kept.setdefault(text)
    return list(kept)
