"""Word lists that fill the grammar's slots: invented product nouns, ranks, places, people, trades.

Honest and dishonest texts draw from the same lists, so that no word gives a speaker away.
"""

from __future__ import annotations

from crawlers.sandbox.language import grammar

NOUN = grammar.words(
    """
    数字人 数字人 数字人 AI数字人 AI数字人 数智人 虚拟主播 AI主播 AI分身 数字分身 虚拟人 数字员工 智播系统 云主播 AI直播间 AI带货系统
    会说话的AI店员 克隆主播 影子主播 自动播机 AI口播机 无人播控台 数字店长 形象克隆 真人复刻 3D播报员 全天候直播系统 智能播报屏
    """
)
RANK = grammar.words(
    """
    市代 城市合伙人 市级代理 县级代理 区域代理 省代 总代 城市运营中心 区县服务商 县域掌柜 城市主理人 区域站长 联营商 城市服务商 渠道伙伴
    区域操盘手 城市管家 县城老板 首席合伙人 城主 授权商 事业合伙人 地市负责人 区域总监 牌照持有人 地推总站 片区承包人 运营站
    """
)
CITY = grammar.words(
    """
    杭州 郑州 武汉 长沙 临沂 洛阳 南阳 徐州 阜阳 赣州 襄阳 宜昌 柳州 遵义 绵阳 泉州 温州 金华 台州 烟台 潍坊 沧州 邯郸 保定 唐山 大同
    运城 宝鸡 咸阳 兰州 银川 西宁 呼和浩特 赤峰 沈阳 大连 锦州 长春 吉林 哈尔滨 大庆 合肥 芜湖 安庆 南昌 九江 福州 漳州 南宁 桂林 海口
    成都 泸州 昆明 曲靖 贵阳 重庆 万州 青岛 济宁 菏泽 商丘 周口 信阳 衡阳 岳阳 株洲
    """
)
REGION = grammar.words(
    "河南 山东 浙江 江苏 广东 湖北 湖南 四川 河北 安徽 江西 福建 陕西 山西 广西 云南 贵州 辽宁 重庆 北京 上海"
)
SURNAME = grammar.words(
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧"
)
PERSON = grammar.words(
    "阿强 老周 小鹿 大鹏 晓雯 建国 美玲 志远 阿珍 春梅 海涛 子轩 雅琴 老谭 二胖 小北 阿泽 文静 秀兰 国栋"
)
TRADE = grammar.words(
    "餐饮 美业 服装 母婴 珠宝 农产品 家居 建材 眼镜 茶叶 酒水 图书 家政 健身 口腔 二手车 房产 教培 生鲜 五金 零食 化妆品 足浴 婚庆"
)
SHOP = grammar.words(
    "火锅店 美容院 汽修店 水果店 服装店 药房 奶茶店 诊所 烟酒店 母婴店 眼镜店 五金店 花店 理发店 茶庄 海鲜档"
)
DEVICE = grammar.words("电脑 手机 笔记本 平板 旧手机 台式机")
HERO = grammar.words(
    "宝妈 退伍兵 出租车司机 开{}的大姐 前厨师 下岗工人 00后 大专生 小县城的夫妻 快递小哥 健身教练 老师 包工头".replace(
        "{}", "理发店"
    )
)
PLATFORM_NAME = grammar.words(
    "抖音 快手 视频号 淘宝 京东 小红书 拼多多 美团 某音 某手 抖 dy ks"
)
HOTEL = grammar.words(
    "希云酒店 国宾大酒店 云栖会议中心 香山国际酒店 维港大酒店 滨江会展中心"
)
MEDIA_NAME = grammar.words("示例日报 示例晚报 示例财经 示例新闻网 示例观察 新示例周刊")
AGENCY_NAME = grammar.words(
    "示例市公安局 示例市反诈中心 示例区市场监管局 示例县网警 示例市消保委 示例省消费者协会"
)
EMOJI = grammar.words("🔥 💰 🚀 ✅ 👇 📣 💪 🎉 ⚡ 🌟 ❗ 👀 😂 🙏 💼 📈 ❤️ 🤝 😭 💡")
NUMBER = [
    str(number)
    for number in (3, 5, 8, 10, 12, 15, 20, 30, 50, 60, 80, 100, 120, 200, 300, 500)
]
SMALL = grammar.words("2 3 4 5 6 8 两 三 五 六 八 十")
MONTHS = grammar.words(
    "三个月 半年 两个月 四个月 一个季度 5个月 八个月 一年 大半年 9个月"
)
DAYS = grammar.words("7天 15天 二十天 一个月 45天 两周 三周 10天")
TIME_OF_DAY = grammar.words("凌晨两点 半夜 早上六点 下班后 周末 中午 晚上十点 饭后")

#: Slot name to its words. A slot that is not here is filled by whoever writes the text.
LISTS: dict[str, list[str]] = {
    "noun": NOUN,
    "rank": RANK,
    "city": CITY,
    "region": REGION,
    "surname": SURNAME,
    "person": PERSON,
    "trade": TRADE,
    "shop": SHOP,
    "device": DEVICE,
    "hero": HERO,
    "site": PLATFORM_NAME,
    "hotel": HOTEL,
    "press": MEDIA_NAME,
    "office": AGENCY_NAME,
    "emoji": EMOJI,
    "n": NUMBER,
    "few": SMALL,
    "months": MONTHS,
    "days": DAYS,
    "oclock": TIME_OF_DAY,
}
