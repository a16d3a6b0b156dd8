"""Invented contacts, companies and registry numbers that look invented.

In: a generator. Out: values that cannot belong to anybody: telephone numbers in unassigned blocks, hosts under
``.example``, QQ numbers above the highest ever given, company names beginning with 示例, registry codes of a region
that does not exist (but with correct check characters, because readers verify those).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import grammar

if TYPE_CHECKING:
    import random

SYLLABLES = grammar.words(
    """
    an bai bang bei bo cai chen chi da dong duo en fan fei feng fu gang gu guan hai han hao he heng hong hua hui
    ji jia jian jin jing jun kai kang ke lan le lei li lian lin ling liu long lu luo ma mei meng min ming mo nan
    ning ou pan pei peng ping qi qian qing qiu ran ren rong rui san sen shan shi shu shuo song su tai tan tang
    tian ting tong tu wan wei wen wu xi xia xiang xin xing xu xuan ya yan yang yao ye yi yin ying yong you yu yuan
    yue yun ze zhan zhang zhao zhe zhen zhi zhong zhou zhu zi zuo
    """
)

#: GB 32100-2015: the alphabet of the unified social credit code leaves out I, O, S, V and Z.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: GB 32100-2015: weights 3^i mod 31.
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
#: GB 11714-1997: the organisation code inside has a check character of its own.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
IMPOSSIBLE_REGION = "99"

BRAND_FIRST = tuple(
    "云灵星智海蓝极光青麦禾启元橙鲸鹿拓锐森合众瀚悦博聚万象奇点幻影鸿图"
)
BRAND_SECOND = tuple("播偶境言像影链擎维界舟驰帆语创途声码塔数芒果禾谷屿")
BRAND_TAIL = (
    "",
    "",
    "智播",
    "数科",
    "科技",
    "传媒",
    "AI",
    "智能",
    "数字人",
    "云播",
    "互娱",
    "工场",
    "优播",
    "网络",
)
COMPANY_TAIL = (
    "网络科技",
    "信息技术",
    "数字科技",
    "文化传媒",
    "智能科技",
    "电子商务",
    "软件",
    "人工智能科技",
    "网络",
)
ICP_PROVINCES = tuple("京沪粤浙苏鲁豫川鄂湘闽皖冀陕渝")


def check_character(code: str) -> str:
    """The 18th character of a unified social credit code for its first 17, after GB 32100-2015."""
    total = sum(
        USCC_ALPHABET.index(character) * weight
        for character, weight in zip(code, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check(code: str) -> str:
    """The ninth character of an organisation code for its first eight, after GB 11714-1997."""
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(code, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def uscc(rng: random.Random) -> str:
    """A unified social credit code with both check characters right, of a company in no region of China."""
    organisation = "MA" + "".join(dice.pick(rng, USCC_ALPHABET[:30]) for _ in range(6))
    code = f"91{IMPOSSIBLE_REGION}{rng.randrange(10_000):04d}{organisation}{organisation_check(organisation)}"
    return code + check_character(code)


def phone(number: int) -> str:
    """The mobile number with this running number: 1990000xxxx, then 1920000xxxx, then further blocks of both."""
    block, last = divmod(number, 10_000)
    return f"{'199' if block % 2 == 0 else '192'}{block // 2:04d}{last:04d}"


def hotline(number: int) -> str:
    """The service number with this running number, digits only: 400000xxxx."""
    return f"400000{number % 10_000:04d}"


def wechat(rng: random.Random) -> str:
    """A WeChat id, canonical (lower case), 6–20 characters, with ``demo`` inside and shapes as varied as real ones."""
    first, second = dice.pick(rng, SYLLABLES), dice.pick(rng, SYLLABLES)
    number = rng.randrange(10_000)
    shape = int(rng.random() * 12)
    if shape == 0:
        value = f"szr_demo_{number:03d}"
    elif shape == 1:
        value = f"{first}{second}_demo{number % 100:02d}"
    elif shape == 2:
        value = f"demo-{first}{second}{number % 1000}"
    elif shape == 3:
        value = f"{first}demo{number:04d}"
    elif shape == 4:
        value = f"{first[0]}{second[0]}demo{number:05d}"
    elif shape == 5:
        value = f"demo_{first}_{second}{number % 10}"
    elif shape == 6:
        value = f"{first}-demo-{second}{number % 100}"
    elif shape == 7:
        value = f"ai{first}demo{number % 1000:03d}"
    elif shape == 8:
        value = f"{first}{second}demo{first[0]}{number % 1000}"
    elif shape == 9:
        value = f"demo{number:04d}{first}"
    elif shape == 10:
        value = f"wx{number:04d}demo{second[0]}{first[-1]}"
    else:
        value = f"{first}_{second}_demo"
    return value[:20].rstrip("-_")


def qq(rng: random.Random) -> str:
    """A QQ number of ten digits, above the highest ever given."""
    return f"8{rng.randrange(1_000_000_000):09d}"


def qq_group(rng: random.Random) -> str:
    """A QQ group number of ten digits, above the highest ever given."""
    return f"9{rng.randrange(1_000_000_000):09d}"


def telegram(rng: random.Random) -> str:
    """A Telegram name without ``@``, lower case."""
    return f"{dice.pick(rng, SYLLABLES)}{dice.pick(rng, SYLLABLES)}_demo{rng.randrange(1000)}"


def host(rng: random.Random) -> str:
    """A host under the reserved name ``.example``; its registrable name is the host itself."""
    first, second = dice.pick(rng, SYLLABLES), dice.pick(rng, SYLLABLES)
    tail = dice.pick(
        rng, ("szr", "ai", "bo", "yun", "demo", "live", "tech", "hub", "cloud", "vip")
    )
    number = rng.randrange(1000)
    shape = int(rng.random() * 4)
    if shape == 0:
        return f"{first}{second}{tail}{number}.example"
    if shape == 1:
        return f"{tail}-{first}{second}{number % 100}.example"
    if shape == 2:
        return f"{first}{second}-{tail}{number % 100}.example"
    return f"{tail}{number}{first}.example"


def email(rng: random.Random) -> str:
    """An address under example.com, example.net or example.org, lower case."""
    name = f"{dice.pick(rng, SYLLABLES)}{dice.pick(rng, ('.', '_', ''))}{dice.pick(rng, SYLLABLES)}{rng.randrange(100)}"
    return f"{name}@{dice.pick(rng, SYLLABLES)}.example.{dice.pick(rng, ('com', 'net', 'org'))}"


def brand(rng: random.Random) -> str:
    """A product or house name of two to five characters."""
    return (
        dice.pick(rng, BRAND_FIRST)
        + dice.pick(rng, BRAND_SECOND)
        + dice.pick(rng, BRAND_TAIL)
    )


def company(rng: random.Random, name: str) -> str:
    """A registered company name around a house name."""
    core = name[:2]
    place = dice.pick(rng, ("", "（杭州）", "（广州）", "（成都）", "", ""))
    return f"示例{core}{dice.pick(rng, BRAND_FIRST)}{place}{dice.pick(rng, COMPANY_TAIL)}有限公司"


def icp(rng: random.Random) -> str:
    """An ICP filing number with four leading zeros, which no year ever had."""
    return f"{dice.pick(rng, ICP_PROVINCES)}ICP备0000{rng.randrange(10_000):04d}号-{rng.randrange(1, 4)}"


def police_filing(rng: random.Random) -> str:
    """A public-security filing number of a region that does not exist."""
    return f"{dice.pick(rng, ICP_PROVINCES)}公网安备{IMPOSSIBLE_REGION}{rng.randrange(10**12):012d}号"


def analytics_id(rng: random.Random) -> str:
    """A tracking id of 32 hexadecimal digits."""
    return f"{rng.getrandbits(128):032x}"


def qr_payload(rng: random.Random) -> str:
    """What an invented chat service would put into a QR code."""
    return f"https://u.qrdemo.example/c/{dice.pick(rng, SYLLABLES)}{rng.getrandbits(40):010x}"


def phash(rng: random.Random) -> str:
    """A perceptual hash of 16 hexadecimal digits."""
    return f"{rng.getrandbits(64):016x}"


def near_phash(rng: random.Random, value: str, *, bits: int = 4) -> str:
    """The hash of a re-shot image: up to ``bits`` of 64 bits differ."""
    number = int(value, 16)
    for _ in range(int(rng.random() * (bits + 1))):
        number ^= 1 << int(rng.random() * 64)
    return f"{number:016x}"


def feed(rng: random.Random) -> str:
    """The name of a feed."""
    name = dice.pick(rng, SYLLABLES) + dice.pick(rng, SYLLABLES)
    return f"{name}-{dice.pick(rng, ('blog', 'feed', 'notes', 'news', 'demo'))}{rng.randrange(1000)}"
