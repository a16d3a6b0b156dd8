"""What a number is counted in, as far as the characters beside it tell: yuan, other money, people, shops, hours.

In: nothing. Out: expressions for what stands right behind a number and right before it, and the characters with which they begin
or end, because looking at one character is cheaper than trying. Invariants: every expression looks at a bounded stretch; every alternative
begins (before a number: ends) with a character of its own.
"""

from __future__ import annotations

from typing import Final

from features.amounts import sides
from features.engine import expressions, openings

#: Behind a currency word they make another word of it: 块件, 元素.
NO_CURRENCY: Final = "素旦件宇老"
CURRENCY: Final = expressions.compiled(
    r" ?(?:元|块(?![大小竖横立液]?[屏板牌砖表地田肉布碑匾]|招牌|蛋糕)(?:钱)?|圆|毛(?![衣巾病线利孩豆笔肚绒坯驴重皮血尖织遂主泽])(?:钱)?|rmb|人民币|大洋|¥(?! ?[0-9一二两三四五六七八九十百千几])|软妹币|cny)"
    rf"(?![{NO_CURRENCY}])"
)
#: 一块 that is no money: 一块儿, 连一块就是.
TOGETHER: Final = expressions.compiled(
    r"块(?![钱零多0-9一二三四五六七八九]|的|/|一[条个张次]|起|钱)"
)
CENTS_DIGITS: Final = "123456789一二三四五六七八九"
#: Behind such a digit they begin something else.
NO_CENTS: Final = "0123456789点.个人天日月年周位台家条份张件号折成%级层块万千百十亿wk元次本集秒分小场套只首篇期"
#: 9块9一个月, and no 9块9个人.
CENTS: Final = expressions.compiled(
    rf"(?<=[块毛])(?!一[{sides.PER_ONE}])([{CENTS_DIGITS}])(?:毛([{CENTS_DIGITS}])?|(?![{NO_CENTS}]))"
)
METRES: Final = expressions.compiled(r" ?米(?![高长宽深远跑短])")
SIGNED: Final = expressions.compiled(r"(?:¥|rmb|人民币|cny) ?\Z")
FOREIGN: Final = expressions.compiled(
    r" ?(?:美元|美金|刀|usdt?|u(?![a-z])|欧元|港币|港元|日元|韩元|英镑|泰铢|卢布|台币|积分|金币|钻|豆|币)"
)
#: What makes a number right before it a count of something that is no money.
COUNTED: Final = expressions.compiled(
    r"(?:\+|多|余|来|几)?(?:人(?!就没|没了|不见|跑了|失联|就跑|就找|就失)|名(?!义)|[%‰折倍位台家单粉条次套款场亩平吨斤克度岁号楼层期届级版页张件份篇章集字种项户站店]|个(?![wk万亿])|只(?![换要需剩有能是够收限拿买为做赚给用交付会来放招找签开送卖让包含])|代(?!理)|城(?!市)|[省市县区](?![代级县域0-9¥])"
    r"|点(?!点)|小时|分钟|分(?![红期成润钱])|秒|年(?![费薪租付])|月(?![租费付供])|日|天(?!价)|周|用户|客户|会员(?!费)|商家|商户|播放|观看|阅读|浏览|曝光|点赞|访问|关注|公里|像素|毫米|厘米|毫秒"
    r"|(?<=千万)(?:别|不|莫|记|小心|注意|当心|慎)|[gmk]b|kg|[kcm]m|hz|fps|mah|ml|[a-z_/]?[0-9]|[a-z]|画|高清|超清|蓝光|快充|功率|分辨率)"
)
COUNTED_BEFORE: Final = expressions.compiled(
    r"(?<![0-9万亿wk+])(?:[路次人张台套条件户单字页]数|数量|投诉|纠纷|案件|播放量?|粉丝数?|用户数?|销量|观看量?|阅读量?|浏览量?|点赞量?|曝光量?|下载量?|人数|会员数?|注册量|商家数?|字数|面积|并发|日活|月活|订单数?|单量|流量|人次|参数|播放|第|分之[一二三四五六七八九十]{0,2}|编号|型号|房号|票号|证号|版本|房间|密码|邮编|工号|尾号|门牌|楼|no\.?)"
    r"(?:已经|已|超过|突破|达到|达|超|过|近|约|破|有|为|是|高达|[: ])*+\Z"
)
ABOUT_BEFORE: Final = expressions.compiled(
    r"(?:近|约|大约|大概|差不多|将近|超过?|逾|高达|至少|不低于|起码|突破|过|破|左右)\Z"
)
ABOUT_AFTER: Final = expressions.compiled(
    r"(?:元|块钱?|米)? ?(?:左右|上下|以上|起(?!步)|\+|开外|出头|不等|朝上|多(?!少))"
)
PERIOD_AFTER: Final = expressions.compiled(
    r" ?(?:/|每|一)(?:个)?(?:年|月|天|日)|年费|月费|年租|月租|/"
)
#: Places and ranks with a price in 万 that is not said: 县3.9, 市6.9.
RANKED: Final = expressions.compiled(
    r"(?:[省市县区镇乡]级?代?[:：]?|标价|心理价|进场|出手价|涨到) ?\Z"
)
#: Characters of the longest of ``ABOUT_BEFORE``.
LONGEST_ABOUT: Final = 3
#: With which characters these begin; looking at one character is cheaper than trying.
CURRENCY_OPENS: Final = openings.first_characters(CURRENCY)
COUNTED_OPENS: Final = openings.first_characters(COUNTED)
FOREIGN_OPENS: Final = openings.first_characters(FOREIGN)
ABOUT_OPENS: Final = openings.first_characters(ABOUT_AFTER)
#: With which those before a sum end.
SIGNED_CLOSES: Final = openings.last_characters(SIGNED)
COUNTED_CLOSES: Final = openings.last_characters(COUNTED_BEFORE)
ABOUT_CLOSES: Final = openings.last_characters(ABOUT_BEFORE)
#: What decides on a number from the two characters behind it or before it in most cases; for ``figures``, in its order.
AHEAD: Final = (COUNTED, PERIOD_AFTER, FOREIGN, ABOUT_AFTER, CURRENCY, METRES)
BEHIND: Final = (COUNTED_BEFORE, ABOUT_BEFORE, RANKED, SIGNED)
