"""The catalogue: every seller feature, what it means and how a person is told about it.

In: nothing; this is data. Out: ``FEATURES``, in the column order of ``behaviour.seller_features``, and look-ups by name.

Invariants: names are unique; one reason code lies in one family; ``evidence`` names the row that shows the feature
(``models.reasons`` finds the post); ``monotone`` is the direction in which the scam probability may move when the
feature grows, 0 where honest sellers can be at either end. Labelling rules of a pack compare these names.

*Pitch posts* are posts of stance ``offer`` or ``vendor``. A signal counts only where it is asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["trope", "money", "behaviour", "link", "complaint", "policy"]
Unit = Literal[
    "count", "share", "yuan", "days", "probability", "flag", "per day", "weight"
]

FAMILIES: tuple[Family, ...] = (
    "trope",
    "money",
    "behaviour",
    "link",
    "complaint",
    "policy",
)

_ZERO = "never null; 0 when the seller shows none"
_NO_PITCH = "null when the seller has no pitch post"
_NO_POST = "never null: every seller here has a post or profile record"
_NO_AMOUNT = "null when no such amount is asserted"
_NO_NEIGHBOUR = "null when the seller shares no indicator with anybody"
_NOT_TOLD = "null when the source does not tell"


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the seller features.

    Attributes:
        name: Column name, Float32.
        unit: Unit of the value; shares and probabilities are 0–1.
        null: What a null says.
        monotone: +1 when more of it can only raise the scam probability, -1 when only lower it, else 0.
        family: Family of the reason.
        reason: Stable reason code; several features may share one.
        evidence: Which rows show it: ``signal:<name>``, ``amount:<role>``, ``stance:<stance>``, ``script``,
            ``contact``, ``link``, ``complaint``, ``denial``, ``policy`` or ``post``.
        text_zh: Sentence with ``{value}``.
        text_en: The same in English.
    """

    name: str
    unit: Unit
    null: str
    monotone: Literal[-1, 0, 1]
    family: Family
    reason: str
    evidence: str
    text_zh: str
    text_en: str

    @property
    def is_about_others(self) -> bool:
        """Whether it speaks of those the seller is linked to, so that two such features are one kind of evidence."""
        return self.name.startswith(("network_", "neighbour_", "two_hop_", "shared_"))


@dataclass(frozen=True, slots=True)
class _Trope:
    """A signal of CONTRACT §9 in words, with the direction known for it."""

    signal: str
    zh: str
    en: str
    monotone: Literal[-1, 0, 1] = 1


#: Vendors, tutorials and shops also send readers to a profile or claim authority: no direction for these.
_TROPES: tuple[_Trope, ...] = (
    _Trope(
        "fomo", "错过风口、被淘汰之类的焦虑话术", "missed-wave or being-replaced talk"
    ),
    _Trope("guaranteed_income", "收益保证或回本承诺", "stated or guaranteed income"),
    _Trope(
        "passive_income",
        "躺赚、自动赚钱",
        "earning while others or machines do the work",
    ),
    _Trope(
        "zero_threshold", "零基础、零门槛", "no skill, capital or experience needed"
    ),
    _Trope("ban_evasion", "不封号、可过审", "not banned, passes review"),
    _Trope("urgency", "名额、限时、涨价催促", "limited places or deadlines"),
    _Trope(
        "false_authority",
        "无法核实的官方、央视、专利背书",
        "unchecked official or media authority",
        0,
    ),
    _Trope(
        "source_manufacturer",
        "源头厂家、厂家直招",
        "source manufacturer, direct recruiting",
    ),
    _Trope(
        "recruitment_tiers",
        "多级代理或拉人头奖励",
        "agent tiers or money for bringing in agents",
    ),
    _Trope("no_refund", "明言不退款", "no refund"),
    _Trope(
        "contact_elsewhere",
        "引导到主页、私信、评论或二维码",
        "sends readers to profile, comments or QR",
        0,
    ),
    _Trope("refund_on_target", "完成任务返还费用", "fee back after a target"),
    _Trope(
        "liability_shift", "封号与亏损由买方自负", "bans and losses are the buyer's"
    ),
    _Trope("label_removal", "去除AI标识", "removes AI labels", 0),
    _Trope("recovery_offer", "代退费、追回款项", "offers to recover lost fees", 0),
)

SIGNALS: tuple[str, ...] = tuple(trope.signal for trope in _TROPES)


def _signal_features(trope: _Trope) -> tuple[Feature, Feature]:
    """The count and the share of posts that assert one signal."""
    evidence = f"signal:{trope.signal}"
    count = Feature(
        f"{trope.signal}_post_count",
        "count",
        _ZERO,
        trope.monotone,
        "trope",
        trope.signal,
        evidence,
        f"{{value}} 条内容自称「{trope.zh}」",
        f"{{value}} posts claim: {trope.en}",
    )
    share = Feature(
        f"{trope.signal}_post_share",
        "share",
        _NO_PITCH,
        trope.monotone,
        "trope",
        trope.signal,
        evidence,
        f"{{value}} 的推广内容自称「{trope.zh}」",
        f"{{value}} of pitch posts claim: {trope.en}",
    )
    return count, share


_STANCES = (
    Feature("post_count", "count", _ZERO, 0, "behaviour", "activity", "post",
            "共有 {value} 条内容", "{value} posts"),
    Feature("on_topic_share", "share", _NO_POST, 0, "behaviour", "on_topic", "post",
            "{value} 的内容涉及该主题", "{value} of posts are on the pack's topic"),
    Feature("offer_post_count", "count", _ZERO, 1, "trope", "offers_agency", "stance:offer",
            "{value} 条内容在招代理、加盟或合伙人", "{value} posts offer an agency, franchise or partner right"),
    Feature("offer_post_share", "share", _NO_POST, 1, "trope", "offers_agency", "stance:offer",
            "{value} 的内容在招代理、加盟或合伙人", "{value} of posts offer an agency, franchise or partner right"),
    Feature("offer_probability_max", "probability", "null when no post is an offer", 1, "trope", "offers_agency",
            "stance:offer", "最明确的一条招代理内容，判定概率 {value}", "clearest agency offer, read with probability {value}"),
    Feature("offer_certainty", "probability", _ZERO, 1, "trope", "offers_agency", "stance:offer",
            "综合全部内容，该账号在招代理的概率 {value}", "offers an agency with probability {value}, by all its posts together"),
    Feature("vendor_post_count", "count", _ZERO, -1, "behaviour", "sells_to_customers", "stance:vendor",
            "{value} 条内容向终端客户销售产品或服务", "{value} posts sell a product or service to end customers"),
    Feature("vendor_post_share", "share", _NO_POST, -1, "behaviour", "sells_to_customers", "stance:vendor",
            "{value} 的内容向终端客户销售产品或服务", "{value} of posts sell a product or service to end customers"),
    Feature("report_post_share", "share", _NO_POST, -1, "behaviour", "reports", "stance:report",
            "{value} 的内容是报道或警示", "{value} of posts report or warn"),
    Feature("complaint_post_share", "share", _NO_POST, -1, "behaviour", "complains", "stance:complaint",
            "{value} 的内容是受害者投诉", "{value} of posts are a victim's complaint"),
    Feature("other_post_share", "share", _NO_POST, 0, "behaviour", "unrelated", "stance:other",
            "{value} 的内容与招商、销售无关", "{value} of posts neither offer nor sell"),
)  # fmt: skip

_SCRIPT = (
    Feature("signal_kind_count", "count", _ZERO, 1, "trope", "script", "script",
            "共使用 {value} 种套路话术", "{value} different tropes of the scheme"),
    Feature("signal_kind_max", "count", _ZERO, 1, "trope", "script", "script",
            "单条内容叠加 {value} 种套路话术", "{value} tropes in a single post"),
    Feature("script_element_count", "count", _ZERO, 1, "trope", "script", "script",
            "骗术脚本六要素（招代理、费用、收益、拉人、催促、引流）出现 {value} 项",
            "{value} of the script's six elements (offer, fee, income, recruiting, scarcity, contact)"),
    Feature("script_element_max", "count", _ZERO, 1, "trope", "script", "script",
            "单条内容具备骗术脚本六要素中的 {value} 项", "{value} of the script's six elements in a single post"),
    Feature("quoted_signal_share", "share", "null when no trope occurs", -1, "behaviour", "quotes", "post",
            "{value} 的套路话术属于引用他人", "{value} of tropes are quoted from others"),
    Feature("negated_signal_share", "share", "null when no trope occurs", -1, "behaviour", "denies", "denial",
            "{value} 的套路话术被明确否认", "{value} of tropes are denied"),
    Feature("denial_post_count", "count", _ZERO, -1, "behaviour", "denies", "denial",
            "{value} 条内容否认收益承诺、拉人或不退款", "{value} posts deny income promises, recruiting or no-refund terms"),
)  # fmt: skip

_WORDING = (
    Feature("wording_likeness", "probability", "null when the seller has no offer", 1, "trope",
            "kindred_wording", "stance:offer", "招代理内容的措辞与线索确凿的账号相近（{value}）",
            "its offers are worded like those of clear cases ({value})"),
)  # fmt: skip

_MONEY = (
    Feature("agency_fee_post_count", "count", _ZERO, 1, "money", "agency_fee", "amount:agency_fee",
            "{value} 条内容标出代理费、加盟费或保证金", "{value} posts name an agency, franchise or deposit fee"),
    Feature("agency_fee_post_share", "share", _NO_PITCH, 1, "money", "agency_fee", "amount:agency_fee",
            "{value} 的推广内容标出代理费、加盟费或保证金", "{value} of pitch posts name an agency, franchise or deposit fee"),
    Feature("agency_fee_max_yuan", "yuan", _NO_AMOUNT, 0, "money", "agency_fee", "amount:agency_fee",
            "最高代理费 {value}", "highest agency fee {value}"),
    Feature("agency_fee_median_yuan", "yuan", _NO_AMOUNT, 0, "money", "agency_fee", "amount:agency_fee",
            "代理费中位数 {value}", "median agency fee {value}"),
    Feature("agency_fee_in_band_count", "count", _ZERO, 1, "money", "agency_fee", "amount:agency_fee",
            "{value} 笔代理费落在该骗术的常见区间", "{value} agency fees lie in the scheme's usual bands"),
    Feature("agency_fee_variant_count", "count", _ZERO, 1, "money", "fee_variants", "amount:agency_fee",
            "出现 {value} 种不同的代理费报价", "{value} different agency fees quoted"),
    Feature("promised_income_post_count", "count", _ZERO, 1, "money", "promised_income", "amount:promised_income",
            "{value} 条内容写明可得收益", "{value} posts state an income to be had"),
    Feature("promised_income_post_share", "share", _NO_PITCH, 1, "money", "promised_income",
            "amount:promised_income", "{value} 的推广内容写明可得收益", "{value} of pitch posts state an income to be had"),
    Feature("promised_income_day_yuan", "yuan", _NO_AMOUNT, 0, "money", "promised_income",
            "amount:promised_income", "承诺日收益最高 {value}", "highest promised income per day {value}"),
    Feature("promised_income_month_yuan", "yuan", _NO_AMOUNT, 0, "money", "promised_income",
            "amount:promised_income", "承诺月收益最高 {value}", "highest promised income per month {value}"),
    Feature("promised_income_year_yuan", "yuan", _NO_AMOUNT, 0, "money", "promised_income",
            "amount:promised_income", "承诺年收益最高 {value}", "highest promised income per year {value}"),
    Feature("fee_and_income_post_count", "count", _ZERO, 1, "money", "fee_and_income", "amount:agency_fee",
            "{value} 条内容同时出现代理费与收益承诺", "{value} posts name a fee and an income together"),
    Feature("price_post_count", "count", _ZERO, -1, "money", "customer_price", "amount:price",
            "{value} 条内容标出产品价格", "{value} posts name a product price"),
    Feature("price_post_share", "share", _NO_PITCH, -1, "money", "customer_price", "amount:price",
            "{value} 的推广内容标出产品价格", "{value} of pitch posts name a product price"),
    Feature("price_median_yuan", "yuan", _NO_AMOUNT, 0, "money", "customer_price", "amount:price",
            "产品价格中位数 {value}", "median product price {value}"),
)  # fmt: skip

_BEHAVIOUR = (
    Feature("own_contact_count", "count", _ZERO, 0, "behaviour", "contacts", "contact",
            "留有 {value} 个自有联系方式", "{value} own contacts given"),
    Feature("own_contact_kind_count", "count", _ZERO, 0, "behaviour", "contacts", "contact",
            "留有 {value} 类自有联系方式", "{value} kinds of own contacts given"),
    Feature("private_contact_count", "count", _ZERO, 0, "behaviour", "private_contacts", "contact",
            "留有 {value} 个微信、QQ、电话或 Telegram", "{value} private contacts (WeChat, QQ, phone, Telegram)"),
    Feature("registry_id_count", "count", _ZERO, 0, "behaviour", "registered", "contact",
            "公示 {value} 项公司、信用代码或备案信息", "{value} company, credit-code or filing numbers shown"),
    Feature("city_count", "count", _ZERO, 0, "behaviour", "many_cities", "post",
            "内容涉及 {value} 个城市或省份", "{value} cities or provinces named"),
    Feature("region_count", "count", _ZERO, 0, "behaviour", "many_regions", "post",
            "账号属地出现 {value} 个", "{value} account regions seen"),
    Feature("repeated_text_share", "share", _NO_POST, 0, "behaviour", "repeats_text", "post",
            "{value} 的内容与本账号其他内容文字相同", "{value} of posts repeat another post of the account"),
    Feature("posts_per_day", "per day", "null when no post is dated", 0, "behaviour", "posting_rate", "post",
            "平均每天发布 {value} 条", "{value} posts a day"),
    Feature("active_days", "days", "null when no post is dated", 0, "behaviour", "posting_rate", "post",
            "内容时间跨度 {value}", "posts span {value}"),
    Feature("account_age_days", "days", _NOT_TOLD, 0, "behaviour", "account_age", "post",
            "账号注册 {value}", "account is {value} old"),
    Feature("followers", "count", _NOT_TOLD, 0, "behaviour", "audience", "post",
            "粉丝 {value}", "{value} followers"),
    Feature("following", "count", _NOT_TOLD, 0, "behaviour", "audience", "post",
            "关注 {value}", "follows {value} accounts"),
    Feature("listing_post_share", "share", _NO_POST, 0, "behaviour", "shop_listing", "post",
            "{value} 的内容是商品链接", "{value} of posts are shop listings"),
    Feature("live_post_share", "share", _NO_POST, 0, "behaviour", "live_rooms", "post",
            "{value} 的内容是直播间", "{value} of posts are live rooms"),
    Feature("promoted_post_share", "share", _NOT_TOLD, 0, "behaviour", "promoted", "post",
            "{value} 的内容为付费推广", "{value} of posts are paid promotion"),
    Feature("is_verified_personal", "flag", _NOT_TOLD, 0, "behaviour", "verified", "post",
            "账号为个人认证", "verified as a person"),
    Feature("is_verified_business", "flag", _NOT_TOLD, 0, "behaviour", "verified", "post",
            "账号为企业认证", "verified as a business"),
    Feature("is_verified_public", "flag", _NOT_TOLD, -1, "behaviour", "verified_public", "post",
            "账号为政府或媒体认证", "verified as government or media"),
)  # fmt: skip

_LINKS = (
    Feature("network_seller_count", "count", "never null; 1 when alone", 0, "link", "network", "link",
            "所在网络共 {value} 个账号", "network of {value} sellers"),
    Feature("network_platform_count", "count", "never null; 1 when alone", 0, "link", "network", "link",
            "所在网络覆盖 {value} 个平台", "network on {value} platforms"),
    Feature("network_offer_seller_count", "count", _ZERO, 1, "link", "network_offers", "link",
            "同网络另有 {value} 个账号在招代理", "{value} other sellers of the network offer an agency"),
    Feature("network_fee_seller_count", "count", _ZERO, 1, "link", "network_fees", "link",
            "同网络另有 {value} 个账号标出代理费", "{value} other sellers of the network name an agency fee"),
    Feature("network_city_count", "count", _ZERO, 0, "link", "network_cities", "link",
            "所在网络的内容涉及 {value} 个城市或省份", "the network's posts name {value} cities or provinces"),
    Feature("network_coreness", "count", "never null; 0 when alone", 0, "link", "network_core", "link",
            "处于所在网络中每个账号共用 {value} 项标识的核心部分", "in a part of its network where every account shares {value} values"),
    Feature("network_block_density", "weight", "never null; 0 when alone or outside the network's densest block", 0, "link",
            "network_core", "link", "处于网络最密集部分，关联密度 {value}", "in the densest block of its network, density {value}"),
    Feature("network_fraud_closeness", "probability", _ZERO, 1, "link", "near_confirmed_fraud", "link",
            "沿共用标识到达其他已确认欺诈账号的概率 {value}",
            "a walk along shared values ends at another confirmed fraud with probability {value}"),
    Feature("network_link_kind_count", "count", _ZERO, 0, "link", "shared_indicators", "link",
            "与同网络账号共用 {value} 类标识", "{value} kinds of values shared with its network"),
    Feature("shared_indicator_count", "count", _ZERO, 0, "link", "shared_indicators", "link",
            "与其他账号共用 {value} 个联系方式或标识", "{value} contacts or identifiers shared with other sellers"),
    Feature("shared_text_seller_count", "count", _ZERO, 0, "link", "shared_text", "post",
            "另有 {value} 个账号发布相同文字", "{value} other sellers post the same text"),
    Feature("neighbour_count", "count", _ZERO, 0, "link", "neighbours", "link",
            "与 {value} 个账号直接关联", "{value} directly linked sellers"),
    Feature("neighbour_weight", "weight", _ZERO, 0, "link", "neighbours", "link",
            "关联强度合计 {value}", "link weight {value} in sum"),
    Feature("neighbour_offer_share_mean", "share", _NO_NEIGHBOUR, 1, "link", "neighbours_offer", "link",
            "关联账号平均 {value} 的内容在招代理", "linked sellers: {value} of posts offer an agency on average"),
    Feature("neighbour_offer_share_max", "share", _NO_NEIGHBOUR, 1, "link", "neighbours_offer", "link",
            "有关联账号 {value} 的内容在招代理", "a linked seller offers an agency in {value} of its posts"),
    Feature("neighbour_vendor_share_mean", "share", _NO_NEIGHBOUR, -1, "link", "neighbours_sell", "link",
            "关联账号平均 {value} 的内容向终端客户销售", "linked sellers: {value} of posts sell to end customers"),
    Feature("neighbour_fee_share", "share", _NO_NEIGHBOUR, 1, "link", "neighbours_fee", "link",
            "{value} 的关联账号标出代理费", "{value} of linked sellers name an agency fee"),
    Feature("neighbour_signal_kind_mean", "count", _NO_NEIGHBOUR, 1, "link", "neighbours_script", "link",
            "关联账号平均使用 {value} 种套路话术", "linked sellers use {value} tropes on average"),
    Feature("neighbour_signal_kind_max", "count", _NO_NEIGHBOUR, 1, "link", "neighbours_script", "link",
            "有关联账号使用 {value} 种套路话术", "a linked seller uses {value} tropes"),
    Feature("neighbour_script_element_mean", "count", _NO_NEIGHBOUR, 1, "link", "neighbours_script", "link",
            "关联账号平均具备骗术脚本 {value} 项要素", "linked sellers show {value} script elements on average"),
    Feature("two_hop_offer_share_mean", "share", _NO_NEIGHBOUR, 1, "link", "neighbours_offer", "link",
            "两跳以内的账号平均 {value} 的内容在招代理", "sellers two steps away: {value} of posts offer an agency"),
    Feature("two_hop_script_element_mean", "count", _NO_NEIGHBOUR, 1, "link", "neighbours_script", "link",
            "两跳以内的账号平均具备骗术脚本 {value} 项要素", "sellers two steps away show {value} script elements"),
)  # fmt: skip

_COMPLAINTS = (
    Feature("complaint_count", "count", _ZERO, 1, "complaint", "complaints", "complaint",
            "{value} 条投诉指向该账号", "{value} complaints point at this seller"),
    Feature("complaint_claimed_yuan", "yuan", "null when no linked complaint names a sum", 1, "complaint", "complaints",
            "complaint", "投诉主张金额合计 {value}", "complaints claim {value} in sum"),
    Feature("complaint_confidence_max", "probability", "null when no complaint is linked", 1, "complaint", "complaints",
            "complaint", "投诉指向的把握 {value}", "complaint linked with confidence {value}"),
    Feature("network_complaint_count", "count", _ZERO, 1, "complaint", "network_complaints", "complaint",
            "{value} 条投诉指向其所在网络", "{value} complaints point at its network"),
)  # fmt: skip

_POLICY = (
    Feature("policy_conflict_post_count", "count", _ZERO, 1, "policy", "policy_conflict", "policy",
            "{value} 条内容与发布时生效的平台规则相抵触", "{value} posts contradict a platform rule in force"),
)  # fmt: skip

FEATURES: tuple[Feature, ...] = (
    *_STANCES,
    *(feature for trope in _TROPES for feature in _signal_features(trope)),
    *_SCRIPT,
    *_WORDING,
    *_MONEY,
    *_BEHAVIOUR,
    *_LINKS,
    *_COMPLAINTS,
    *_POLICY,
)

NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in FEATURES}


def show_value(feature: Feature, value: float) -> str:
    """The value as a reader sees it, with its unit: ``66,000 yuan``, ``40 %``, ``3``."""
    match feature.unit:
        case "yuan":
            return f"¥{value:,.0f}"
        case "share" | "probability":
            return f"{value * 100:.0f}%"
        case "days":
            return f"{value:,.0f} d"
        case "count" | "flag":
            return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
        case _:
            return f"{value:,.2f}"
