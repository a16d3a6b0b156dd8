"""The peer of reading: what a competent analyst writes first, one Python loop with ``re``.

NFKC, six patterns of contacts, one of amounts, one alternation for each of twelve tropes; no roles, voices or spans.
"""

import re
import unicodedata

CONTACTS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:微信|薇信|威信|v信|加[v微薇]|vx|wx|➕[微薇v])\s*(?:号|同号)?\s*[::]?\s*([a-z][-_a-z0-9]{5,19}|1[3-9]\d{9})",
        r"(?:qq|扣扣|企鹅)\s*[::]?\s*([1-9]\d{4,10})",
        r"(?<!\d)(1[3-9]\d[-. ]?\d{4}[-. ]?\d{4})(?!\d)",
        r"(?<!\d)(400[-\d]{7,9})(?!\d)",
        r"([\w.+-]+@[\w-]+\.[\w.-]+)",
        r"((?:https?://)?(?:www\.)?[\w-]+\.(?:com|cn|net|top|vip|org)(?:/\S*)?)",
    )
]
AMOUNT = re.compile(
    r"(\d+(?:\.\d+)?|[一二三四五六七八九十两百千]+)\s*(万|[wk]|千|百万|亿)?\s*(元|块|[¥¥])?",
    re.IGNORECASE,
)
TROPES = {
    name: re.compile(words)
    for name, words in {
        "fomo": "风口|红利|元年|爆发年|错过|最后一波|失业|下岗|淘汰|占坑|上车|翻身|财富密码",
        "guaranteed_income": "保底|稳赚|包赚|一本万利|零风险|无风险|保本|月入|年入|日入|回本|财务自由",
        "passive_income": "躺赚|躺赢|睡后|自动赚钱|挂机|托管|坐收|24小时",
        "zero_threshold": "零基础|0基础|小白|零门槛|无需经验|不露脸|一台电脑|一部手机|包教包会",
        "ban_evasion": "不封号|防封|过审|绕过检测|检测不到|去AI|不限流|封号包赔",
        "urgency": "名额|仅剩|限时|截止|涨价|恢复原价|手慢无|抓紧|抢签",
        "false_authority": "央视|官方授权|国家项目|国家补贴|政府扶持|高新企业|专利|备案|战略合作|授权书",
        "source_manufacturer": "源头|厂家|总部直招|一手|中间商",
        "recruitment_tiers": "下级|下家|下线|裂变|返佣|推荐奖|团队分红|差价|分销|省代|市代|区代|总代",
        "no_refund": "概不退|不予退还|退款限制|自愿放弃",
        "topic": "数字人|数智人|虚拟人|虚拟主播|AI主播|AI直播|无人直播|克隆",
        "offer": "代理|招商|加盟|合伙人|运营中心|服务商|贴牌|OEM|独家",
    }.items()
}


def read(text: str) -> tuple[list[str], list[str], list[str]]:
    """Contacts, amounts and names of tropes in one text."""
    plain = unicodedata.normalize("NFKC", text)
    contacts = [found for pattern in CONTACTS for found in pattern.findall(plain)]
    amounts = [
        "".join(found) for found in AMOUNT.findall(plain) if found[1] or found[2]
    ]
    tropes = [name for name, pattern in TROPES.items() if pattern.search(plain)]
    return contacts, amounts, tropes
