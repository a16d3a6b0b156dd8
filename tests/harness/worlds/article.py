"""An invented news article that quotes the scheme's slogans and names its fees, and copies of it that lost something.

In: a seed, or an article of your own. Out: import records (CONTRACT §3), each copy by an account of its own, and what was
done to it per seller. No copy has a contact of whoever posts it: that would be an ad with an article in front.
"""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

TITLE = "数字人代理的生意经:交了十二万,播了三场就被封"
PARAGRAPHS = (
    "“再不上车就晚了。”今年三月,做建材生意的老钱在短视频里第一次听到这句话。半年之后,他的直播间被平台封禁,十二万元代理费至今没有要回来。",
    "老钱的遭遇并不是个例。记者在多个社交平台搜索发现,打着“数字人源头厂商”“AI数字人城市合伙人”旗号的账号多达数百个。不少账号声称“真人主播马上要失业,数字人一个月顶你干一年”“十年前错过电商,十年后别再错过数字人”“零基础也能做,躺着月入五万”。",
    "在示例省示例市一家名为“星桥示例科技”的公司,销售人员向记者介绍,市级代理6.8万元,省级代理19.8万元,“签约就给后台,发展下线还有三成返佣,三个月回本,不回本全额退款”。记者追问退款条款写在哪里,对方没有回答。",
    "记者查询公开信息看到,星桥示例科技成立于去年十一月,参保人数为零,今年以来已有四十多条投诉。投诉人称,交完代理费之后,公司承诺的“不封号技术”和客户资源都没有兑现,客服把人拉黑,合同里写着“代理费一经缴纳概不退还”。",
    "“说是源头厂家,其实系统是从别处买来的。”一位曾在该公司做过招商的前员工告诉记者,公司九成以上的收入来自代理费,真正卖出去的软件不到十套。“老板说得很清楚,我们卖的不是数字人,是代理权。”",
    "有律师认为,以夸大收益的方式收取高额加盟费,如果没有相应的履约能力,可能涉嫌合同诈骗;按人头计酬并且设置多级代理,还可能触及传销的红线。受害者应当保留聊天记录、转账凭证和宣传资料,及时向公安机关报案。",
    "平台方面则表示,数字人直播必须显著标识并由真人实时驱动,挂机录播属于违规,一经发现将限制流量直至封禁。去年以来,平台已经处置违规账号两千余个。",
    "从小程序、刷脸支付到本地生活,再到今天的数字人,同一套话术换了四次外衣。技术本身没有错,错的是拿技术当幌子收取代理费的人。业内人士提醒,凡是承诺稳赚不赔、要先交一大笔钱的项目,都要多问一句:他靠什么赚钱?",
    "截至发稿,星桥示例科技的电话一直无人接听。老钱说,他只想把本钱要回来。",
)
POLICE = "示例市公安局提醒:如遇类似情况,请保存证据并拨打96110咨询,也可以联系反诈中心王警官 19900001234。"
_QUOTES = str.maketrans("", "", "“”\"'「」『』《》")
_EPOCH = datetime(2026, 4, 5, tzinfo=UTC)


def sentences(text: str) -> list[str]:
    """Sentences with their final sign."""
    return [
        part for part in re.findall(r"[^。!?！？\n]+[。!?！？”]*", text) if part.strip()
    ]


def copies(
    title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS, *, seed: int = 1
) -> dict[str, tuple[str | None, list[str]]]:
    """What was done → title and posts of the account that did it."""
    rng = random.Random(seed)
    whole = "\n".join(paragraphs)
    said = sentences(whole)

    def cut(share: float) -> str:
        kept = sorted(
            rng.sample(range(len(paragraphs)), max(2, round(share * len(paragraphs))))
        )
        return "\n".join(paragraphs[at] for at in kept)

    def shuffled() -> str:
        return "".join(rng.sample(said, len(said)))

    return {
        "by a person": (title, [whole]),
        "quotes removed": (title, [whole.translate(_QUOTES)]),
        "cut to two thirds": (title, [cut(0.67)]),
        "cut to half": (None, [cut(0.5)]),
        "cut to half again": (None, [cut(0.5)]),
        "without its end": (title, [whole[: len(whole) // 2]]),
        "without its beginning": (None, [whole[len(whole) // 3 :]]),
        "sentences shuffled": (title, [shuffled()]),
        "shuffled, no title": (None, [shuffled()]),
        "shuffled, quotes removed": (None, [shuffled().translate(_QUOTES)]),
        "cut, quotes removed": (None, [cut(0.67).translate(_QUOTES)]),
        "title only": (None, [title]),
        "paragraph by paragraph": (None, list(paragraphs)),
        "a contact of the police": (title, [f"{whole}\n{POLICE}"]),
        "police, quotes removed": (None, [f"{whole}\n{POLICE}".translate(_QUOTES)]),
        "with a warning": (None, [f"转给身边做生意的朋友看看,别再上当了\n{whole}"]),
        "with hashtags": (title, [f"{whole} #数字人 #创业 #代理 #副业"]),
        "no line breaks": (title, [whole.replace("\n", "")]),
        "posted three times": (title, [whole, cut(0.8), shuffled()]),
    }  # fmt: skip


def records(made: dict[str, tuple[str | None, list[str]]], *, name: str = "copy") -> tuple[list[dict[str, Any]], dict[str, str]]:  # fmt: skip
    """Import records, and what each seller did."""
    rows: list[dict[str, Any]] = []
    sellers = {}
    platforms = ("douyin", "weibo", "xiaohongshu", "kuaishou")
    for at, (done, (title, posts)) in enumerate(made.items()):
        platform, author = platforms[at % len(platforms)], f"99{name}{at:03d}"
        sellers[f"{platform}:{author}"] = done
        for number, text in enumerate(posts):
            moment = _EPOCH + timedelta(hours=7 * at + number)
            rows.append({
                "platform": platform, "kind": "post", "post_id": f"{author}p{number}", "title": title, "text": text,
                "author": {"id": author, "name": f"示例小店{at}", "bio": "做点小生意,分享日常"},
                "published_at": moment.isoformat(), "crawled_at": (moment + timedelta(hours=5)).isoformat(),
            })  # fmt: skip
    return rows, sellers
