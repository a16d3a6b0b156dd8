"""The words that disguises are undone for, and the tables made from them.

What is general (any characters, any order) is done by ``features.normalise`` alone; some disguises can only be undone
where a known word appears, because the same characters also stand innocently in other texts: 王里 is 理 only beside 代.
In: nothing. Out: constants. These words come from the trade and from contact talk, not from one scheme's pack: a new
scheme keeps them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

#: Words whose parts may be split by one sign or written half in pinyin.
_WORDS: Final = (
    "代理 代理商 代理费 省代 市代 区代 总代 加盟 加盟费 招商 招募 合伙人 保证金 数字人 数智人 虚拟人 主播 直播 真人 无人 源头 厂家 厂商 "
    "贴牌 名额 躺赚 稳赚 赚钱 月入 年入 日赚 日入 收益 收入 回本 利润 分红 返佣 佣金 提成 保底 费用 门槛 项目 创业 "
    "微信 加微 微信号 薇信 威信 电话 手机 手机号 联系 联系方式 扣扣 企鹅 私信 进群 客服 咨询 加我 同号 热线 网址 官网 邮箱 "
    "封号 防封 过审 限流 退款 被骗 骗子 维权 投诉 转账 元宇宙 人工智能 智能体 小程序 本地生活 服务商 运营 引流 涨粉"
)

#: Neighbouring characters inside those words.
PAIRS: Final = frozenset(
    left + right for word in _WORDS.split() for left, right in pairwise(word)
)

_PINYIN: Final = {
    "代": "dai", "理": "li", "商": "shang", "费": "fei", "省": "sheng", "市": "shi", "加": "jia", "盟": "meng",
    "招": "zhao", "合": "he", "伙": "huo", "人": "ren", "保": "bao", "证": "zheng", "金": "jin", "数": "shu", "字": "zi",
    "智": "zhi", "虚": "xu", "拟": "ni", "主": "zhu", "播": "bo", "直": "zhi", "真": "zhen", "源": "yuan", "头": "tou",
    "厂": "chang", "名": "ming", "额": "e", "躺": "tang", "赚": "zhuan", "稳": "wen", "钱": "qian", "月": "yue",
    "入": "ru", "年": "nian", "收": "shou", "益": "yi", "回": "hui", "本": "ben", "利": "li", "润": "run", "分": "fen",
    "红": "hong", "返": "fan", "佣": "yong", "微": "wei", "薇": "wei", "信": "xin", "号": "hao", "电": "dian", "话": "hua",
    "手": "shou", "机": "ji", "联": "lian", "系": "xi", "扣": "kou", "企": "qi", "鹅": "e", "私": "si", "群": "qun",
    "客": "ke", "服": "fu", "咨": "zi", "询": "xun", "同": "tong", "热": "re", "线": "xian", "网": "wang", "址": "zhi",
    "官": "guan", "封": "feng", "防": "fang", "过": "guo", "审": "shen", "退": "tui", "款": "kuan", "骗": "pian",
    "被": "bei", "子": "zi", "维": "wei", "权": "quan", "投": "tou", "诉": "su", "转": "zhuan", "账": "zhang",
    "门": "men", "槛": "kan", "项": "xiang", "目": "mu", "创": "chuang", "业": "ye", "运": "yun", "营": "ying",
    "引": "yin", "流": "liu", "涨": "zhang", "粉": "fen", "无": "wu",
}  # fmt: skip

#: (syllable, Han character after it) → the character that the syllable stands for; and the same for the one before.
PINYIN_BEFORE: Final = {
    (_PINYIN[pair[0]], pair[1]): pair[0]
    for pair in sorted(PAIRS, reverse=True)
    if pair[0] in _PINYIN
}
PINYIN_AFTER: Final = {
    (pair[0], _PINYIN[pair[1]]): pair[1]
    for pair in sorted(PAIRS, reverse=True)
    if pair[1] in _PINYIN
}

# fmt: off
_SPLITS: Final = (
    "代亻弋 理王里 信亻言 伙亻火 佣亻用 保亻呆 们亻门 他亻也 你亻尔 做亻故 值亻直 偿亻尝 储亻诸 优亻尤 价亻介 件亻牛 低亻氐 "
    "住亻主 位亻立 作亻乍 休亻木 使亻吏 例亻列 供亻共 传亻专 任亻壬 付亻寸 仅亻又 倍亻咅 借亻昔 停亻亭 健亻建 侵亻㑴 "
    "微彳山几攵 微彳散 微彳攵 微彳攴 得彳㝵 很彳艮 往彳主 待彳寺 律彳聿 行彳亍 "
    "源氵原 流氵㐬 溜氵留 注氵主 法氵去 活氵舌 海氵每 河氵可 消氵肖 深氵罙 清氵青 渠氵巨木 满氵㒼 涨氵张 洗氵先 润氵闰 没氵殳 江氵工 "
    "招扌召 播扌番 扣扌口 提扌是 换扌奂 找扌戈 投扌殳 报扌艮 抢扌仓 拉扌立 挂扌圭 推扌隹 排扌非 描扌苗 接扌妾 扫扌彐 打扌丁 托扌乇 押扌甲 抖扌斗 拟扌以 挣扌争 授扌受 "
    "钱钅戋 银钅艮 铜钅同 链钅连 销钅肖 锁钅𤔫 铺钅甫 "
    "证讠正 话讠舌 请讠青 询讠旬 说讠兑 诉讠斥 设讠殳 试讠式 课讠果 识讠只 让讠上 认讠人 诈讠乍 该讠亥 谈讠炎 订讠丁 计讠十 讲讠井 "
    "级纟及 经纟圣 线纟戋 约纟勺 红纟工 组纟且 纯纟屯 给纟合 续纟卖 绿纟录 维纟隹 统纟充 "
    "防阝方 阿阝可 陪阝咅 险阝佥 除阝余 "
    "快忄夬 怕忄白 情忄青 惊忄京 懂忄董 "
    "独犭虫 猫犭苗 狗犭句 "
    "过辶寸 进辶井 返辶反 运辶云 退辶艮 送辶关 选辶先 通辶甬 速辶束 道辶首 连辶车 这辶文 还辶不 边辶力 远辶元 "
    "花艹化 薇艹微 节艹卩 获艹犾 荐艹存 "
    "宝宀玉 实宀头 家宀豕 客宀各 字宀子 官宀㠯 安宀女 "
    "福礻畐 社礻土 祝礻兄 礼礻乚 视礻见 被衤皮 初衤刀 补衤卜 "
    "饭饣反 馆饣官 "
    "冲冫中 决冫夬 净冫争 次冫欠 准冫隹 "
    "利禾刂 到至刂 制制刂 "
    "款士示欠 热执灬 照昭灬 "
    "加力口 盟明皿 数娄攵 数米女攵 赚贝兼 购贝勾 费弗贝 群君羊 联耳关 职耳只 聊耳卯 躺身尚 稳禾急 私禾厶 秒禾少 科禾斗 程禾呈 租禾且 播米番 "
    "能月匕 机木几 权木又 林木木 板木反 槛木监 模木莫 校木交 "
    "如女口 好女子 妈女马 始女台 "
    "功工力 动云力 励厉力 助且力 "
    "群君羊 鹅我鸟 鸡又鸟 号口丂 听口斤 吃口乞 咨次口 啊口阿 哦口我 喂口畏 叫口丩 "
    "站立占 骗马扁 验马佥 现王见 玩王元 环王不 球王求 班王王 "
    "额客页 项工页 顾厄页 顶丁页 视礻见 规夫见 "
    "收丩攵 政正攵 故古攵 效交攵 "
    "钱金戋 码石马 砍石欠 破石皮 "
    "期其月 明日月 时日寸 "
    "强弓虽 张弓长 "
    "粉米分 精米青 糖米唐 "
    "酬酉州 配酉己 "
    "轻车圣 转车专 软车欠 辆车两 较车交"
)
# fmt: on

#: Radicals that hardly ever stand alone in running text: beside its other half such a one is always a split.
_BARE: Final = frozenset("亻彳氵扌钅讠纟阝忄犭辶艹宀礻衤饣冫刂灬攵丩厶㐬咅")

#: Parts → whole where a bare radical is among the parts; and where all parts are ordinary characters, so that only a
#: known word around the whole tells.
SPLITS_SURE: Final = {
    one[1:]: one[0]
    for one in _SPLITS.split()
    if one[0] not in one[1:] and _BARE & set(one[1:])
}
SPLITS_IN_WORDS: Final = {
    one[1:]: one[0]
    for one in _SPLITS.split()
    if one[0] not in one[1:] and not _BARE & set(one[1:])
}

#: What spinners make of common characters, and how a letter sounds; never words of their own.
SPUN: Final = {
    "东说念主": "人",
    "东谈主": "人",
    "东讲念主": "人",
    **dict.fromkeys(("达不溜", "达不流", "达布溜", "达布流", "哒不溜"), "w"),
}
