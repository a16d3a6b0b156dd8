"""How a Chinese character is read: 王 is wang, 伙 is huo; and the first letter of it.

In: a character. Out: its syllable in pinyin without a tone, or the empty string where nothing is known. Invariants: pure; a
look-up of bounded cost.

Source: GB 2312 orders its first 3755 characters by pinyin, so that the place of a character in it tells the syllable; where each
syllable begins was found by comparing that order with the readings of pypinyin, which give 3737 of them the same. Of characters
with several readings that of the standard counts, but for family names, which have one of their own.
"""

from __future__ import annotations

import string
from bisect import bisect_right
from typing import Final

#: Each syllable with the first character that is read so.
_TABLE: Final = """
a啊 ai埃 an鞍 ang肮 ao凹 ba芭 bai白 ban斑 bang邦 bao苞 bei杯 ben奔 beng崩 bi逼 bian鞭 biao标 bie鳖 bin彬 bing兵 bo玻 bu捕 ca擦
cai猜 can餐 cang苍 cao操 ce厕 ceng层 cha插 chai拆 chan搀 chang昌 chao超 che车 chen郴 cheng撑 chi吃 chong充 chou抽 chu初 chuai揣
chuan川 chuang疮 chui吹 chun春 chuo戳 ci疵 cong聪 cou凑 cu粗 cuan蹿 cui摧 cun村 cuo磋 da搭 dai呆 dan耽 dang当 dao刀 de德 deng蹬
di堤 dian颠 diao碉 die跌 ding丁 diu丢 dong东 dou兜 du督 duan端 dui堆 dun墩 duo掇 e蛾 en恩 er而 fa发 fan藩 fang坊 fei菲 fen芬
feng丰 fo佛 fou否 fu夫 ga噶 gai该 gan干 gang冈 gao篙 ge哥 gei给 gen根 geng耕 gong工 gou钩 gu辜 gua刮 guai乖 guan棺 guang光 gui瑰
gun辊 guo锅 ha哈 hai骸 han酣 hang夯 hao壕 he呵 hei嘿 hen痕 heng哼 hong轰 hou喉 hu呼 hua花 huai槐 huan欢 huang荒 hui灰 hun荤 huo豁
ji击 jia嘉 jian歼 jiang僵 jiao蕉 jie揭 jin巾 jing荆 jiong炯 jiu揪 ju鞠 juan捐 jue撅 jun均 ka喀 kai开 kan刊 kang康 kao考 ke坷
ken肯 keng坑 kong空 kou抠 ku枯 kua夸 kuai块 kuan宽 kuang匡 kui亏 kun坤 kuo括 la垃 lai莱 lan蓝 lang琅 lao捞 le勒 lei雷 leng棱 li厘
lia俩 lian联 liang粮 liao撩 lie列 lin琳 ling玲 liu溜 long龙 lou楼 lu芦 lv驴 luan峦 lve掠 lun抡 luo萝 ma妈 mai埋 man瞒 mang芒
mao猫 me么 mei玫 men门 meng萌 mi眯 mian棉 miao苗 mie蔑 min民 ming明 miu谬 mo摸 mou谋 mu拇 na拿 nai氖 nan南 nang囊 nao挠 ne呢 nei馁
nen嫩 neng能 ni妮 nian蔫 niang娘 niao鸟 nie捏 nin您 ning柠 niu牛 nong脓 nu奴 nv女 nuan暖 nve虐 nuo挪 o哦 ou欧 pa啪 pai拍 pan攀
pang乓 pao抛 pei呸 pen喷 peng砰 pi坯 pian篇 piao飘 pie撇 pin拼 ping乒 po坡 pu扑 qi期 qia掐 qian牵 qiang枪 qiao橇 qie切 qin钦
qing青 qiong琼 qiu秋 qu趋 quan圈 que缺 qun裙 ran然 rang瓤 rao饶 re惹 ren壬 reng扔 ri日 rong戎 rou揉 ru茹 ruan软 rui蕊 run闰 ruo若
sa撒 sai腮 san三 sang桑 sao搔 se瑟 sen森 seng僧 sha莎 shai筛 shan珊 shang墒 shao梢 she奢 shen砷 sheng声 shi师 shou收 shu蔬
shua刷 shuai摔 shuan栓 shuang霜 shui谁 shun吮 shuo说 si斯 song松 sou搜 su苏 suan酸 sui虽 sun孙 suo蓑 ta塌 tai胎 tan坍 tang汤
tao掏 te特 teng藤 ti梯 tian天 tiao挑 tie贴 ting厅 tong通 tou偷 tu凸 tuan湍 tui推 tun吞 tuo拖 wa挖 wai歪 wan豌 wang汪 wei威 wen瘟
weng嗡 wo挝 wu巫 xi昔 xia瞎 xian掀 xiang相 xiao萧 xie楔 xin薪 xing星 xiong兄 xiu休 xu墟 xuan轩 xue靴 xun勋 ya压 yan焉 yang殃
yao邀 ye椰 yi一 yin茵 ying英 yo哟 yong拥 you幽 yu迂 yuan鸳 yue曰 yun耘 za匝 zai栽 zan咱 zang赃 zao遭 ze责 zei贼 zen怎 zeng增 zha扎
zhai摘 zhan瞻 zhang樟 zhao招 zhe遮 zhen珍 zheng蒸 zhi芝 zhong中 zhou舟 zhu珠 zhua抓 zhuai拽 zhuan专 zhuang桩 zhui椎 zhun谆
zhuo捉 zi兹 zong鬃 zou邹 zu租 zuan钻 zui嘴 zun尊 zuo昨
"""
_SYLLABLES: Final = tuple(one[:-1] for one in _TABLE.split())
_BEGINS: Final = tuple(
    int.from_bytes(one[-1].encode("gb2312")) for one in _TABLE.split()
)
_LAST: Final = 0xD7F9
#: Of the rarer characters, which that standard orders by their strokes, those that people and shops are called by.
_RARER: Final = """
ai嫒 bei蓓 can璨 cen岑 chan婵 chang嫦 chen琛宸 cheng晟 dai黛 di邸 dou窦 du嘟 duo铎 fan梵 fei霏翡 fu芙 han晗菡瀚 hao皓昊颢 hong泓
hui荟蕙 ji霁 jia珈 jie婕 jin瑾槿 jing婧璟菁 juan隽 jun珺 kai恺 ke珂 kun堃 lan岚 li藜鹂 ling翎 lu璐鹭 luo珞 mei莓 mi咪 miao淼 min旻
ming茗 mo茉 mu沐 nan楠囡 ni旎 pu濮璞 qi琪淇麒琦祺绮 qian倩茜芊 qing箐 qiu裘 ran苒 rong榕嵘 rui睿芮 sa飒 shan姗 she佘 shen莘 sheng笙 shu姝
tan覃 tao韬 teng滕 ti缇 ting婷 tong佟 wan琬 wei炜薇玮 wen雯 xi曦 xian娴 xiao潇筱骁 xin鑫昕馨 xu栩 xuan萱璇暄 ya娅 yan妍焱嫣琰鄢晏闫 yao曜垚
ye烨晔 yi怡漪翊奕 ying莺滢 you柚 yu钰瑜煜妤昱 yuan媛鸢 yue玥 yun筠芸 zhao钊 zhen圳 zheng峥 zhi芷栀 zi梓
"""
_OTHERS: Final = {
    character: one.rstrip("".join(set(one) - set(string.ascii_lowercase)))
    for one in _RARER.split()
    for character in one
    if character not in string.ascii_lowercase
} | {"单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "翟": "zhai", "覃": "qin"}


def reading(character: str) -> str:
    """The syllable of a character; empty for what is none of the common characters."""
    if character in _OTHERS:
        return _OTHERS[character]
    try:
        code = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    if not _BEGINS[0] <= code <= _LAST:
        return ""
    return _SYLLABLES[bisect_right(_BEGINS, code) - 1]


def initial(character: str) -> str:
    """The first letter of a character's syllable; empty where nothing is known."""
    return reading(character)[:1]
