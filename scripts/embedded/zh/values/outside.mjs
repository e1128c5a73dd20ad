// Slots of what is outside: topics, numbers, cars, works, words.
import { composed, list } from "../compose.mjs";
import { heldLatin, latin, strange } from "./invented.mjs";
import { person as people } from "./people.mjs";
import { city as cities } from "./queries.mjs";
import { inner } from "./texts.mjs";

const number = (random) => String(random.pick([random.integer(2, 99), random.integer(100, 9999)]));

export const number_of = { train: [number], heldout: [(random) => String(random.integer(10000, 99999))] };
export const nation = {
  train: list(
    "法国 德国 英国 意大利 西班牙 葡萄牙 荷兰 瑞士 瑞典 挪威 芬兰 丹麦 波兰 俄罗斯 土耳其 希腊 埃及 南非 肯尼亚 尼日利亚 摩洛哥 印度 泰国 越南 缅甸 马来西亚 印度尼西亚 菲律宾 日本 韩国 蒙古 澳大利亚 新西兰 加拿大 美国 墨西哥 巴西 阿根廷 智利 秘鲁 伊朗 沙特 以色列",
  ),
  heldout: list("奥地利 匈牙利 捷克 冰岛 尼泊尔 古巴 哥伦比亚"),
};
export const topic = {
  train:
    list(`黑洞 相对论 量子力学 光合作用 牛顿定律 进化论 恐龙灭绝 地震 火山 潮汐 彩虹 极光 台风 温室效应 细胞 病毒 疫苗 基因 神经网络 人工智能 区块链 比特币 通货膨胀 股票 经济危机 工业革命 文艺复兴 第二次世界大战
    丝绸之路 唐朝 宋朝 秦始皇 汉武帝 三国 鸦片战争 辛亥革命 长征 法国大革命 罗马帝国 金字塔 马可波罗 郑和 哥伦布 登月 国际空间站 火星 月食 银河系 元素周期表 水的循环 磁铁 电流 半导体 芯片 5G 互联网 环保 垃圾分类 碳中和
    哲学 佛教 道教 儒家思想 心理学 弗洛伊德 印象派 梵高 莎士比亚 鲁迅 红楼梦 西游记 京剧 书法 茶文化 中医 针灸 太极 奥运会 世界杯`),
  heldout: list("暗物质 板块运动 冰川 蒸汽机 敦煌壁画 孔子 达尔文 图灵 陨石 抗生素 昆曲 甲骨文"),
};
export const car = {
  train: [
    composed(["{a}", "{a}", "{b}{c}"], {
      a: list(
        "特斯拉Model3 特斯拉ModelY 比亚迪汉 比亚迪秦 蔚来ET5 理想L9 小鹏P7 问界M7 宝马三系 奔驰C级 奥迪A4 大众高尔夫 丰田凯美瑞 本田雅阁 五菱宏光 保时捷911 法拉利 兰博基尼 路虎 吉普牧马人 沃尔沃XC60",
      ),
      b: list("比亚迪 吉利 长安 奇瑞 哈弗 丰田 本田 别克"),
      c: list("新能源 电动车 SUV 轿车 混动 皮卡"),
    }),
  ],
  heldout: list("极氪001 小米SU7 马自达CX5 雷克萨斯ES 坦克300 红旗H9"),
};
export const part = {
  train: list(
    "轮胎 机油 空调滤芯 刹车片 火花塞 雨刮片 电瓶 防冻液 变速箱油 刹车油 大灯 备胎 减震器 正时皮带 汽油滤芯 脚垫 座套 行车记录仪",
  ),
  heldout: list("机油滤芯 节气门 轮毂 后视镜片 天窗密封条"),
};
export const device = {
  train: list(
    "雨刮器 大灯 远光灯 近光灯 雾灯 双闪 转向灯 阅读灯 氛围灯 车内灯 后视镜 后备箱 前备箱 车门 中控锁 儿童锁 油箱盖 充电口盖 遮阳帘 中控屏 抬头显示 自适应巡航 定速巡航 自动泊车 车道保持 香氛 冰箱 方向盘加热 脚踏板 行李架 尾门",
  ),
  heldout: list("日行灯 倒车影像 尾翼 化妆镜灯 无线充电板 杯架"),
};
export const film_title = {
  train: list(
    "流浪地球 泰坦尼克号 哪吒 战狼 阿凡达 三体 甄嬛传 琅琊榜 狂飙 漫长的季节 肖申克的救赎 盗梦空间 霸王别姬 大话西游 无间道 千与千寻 龙猫 权力的游戏 老友记 小猪佩奇 名侦探柯南 海贼王",
  ),
  heldout: list("隐秘的角落 让子弹飞 你的名字 教父 武林外传"),
};
export const celebrity = {
  train: list(
    "周杰伦 刘德华 成龙 李小龙 姚明 刘翔 马云 马斯克 比尔盖茨 乔布斯 爱因斯坦 牛顿 李白 杜甫 苏轼 毛泽东 拿破仑 林肯 居里夫人 钱学森 袁隆平 屠呦呦 莫言 金庸 梅西 C罗 科比 乔丹 贝多芬 莫扎特 达芬奇",
  ),
  heldout: list("王羲之 司马迁 霍金 张爱玲 丘吉尔 费德勒"),
};
export const animal = {
  train: list(
    "大熊猫 企鹅 考拉 鲸鱼 海豚 长颈鹿 狮子 老虎 大象 袋鼠 北极熊 骆驼 蝙蝠 蜜蜂 蚂蚁 蜘蛛 章鱼 鲨鱼 乌龟 鳄鱼 猫头鹰 孔雀 丹顶鹤 蜂鸟 刺猬 松鼠 水母",
  ),
  heldout: list("雪豹 海马 犀牛 火烈鸟 萤火虫 穿山甲"),
};
export const word = {
  train: [
    composed(["{a}", "{a}", "{s}", "{l}"], {
      a: list(
        "苹果 你好 谢谢 再见 图书馆 蝴蝶 幸福 自由 勇敢 冰淇淋 西红柿 火车站 我爱你 早上好 对不起 没关系 加油 多少钱 厕所在哪 恭喜发财 人工智能 可持续发展",
      ),
      s: strange,
      l: latin,
    }),
  ],
  heldout: [composed(["{a}", "{l}"], { a: list("向日葵 长颈鹿 请慢走 蓝天白云 好久不见"), l: heldLatin })],
};
export const meal = { train: inner.train.dish, heldout: inner.heldout.dish };
export const goods = { train: inner.train.thing, heldout: inner.heldout.thing };
export const someone = people;
export const town = cities;
export const illness = {
  train: list(
    "感冒 发烧 咳嗽 头疼 胃疼 失眠 过敏 鼻炎 颈椎病 腰椎间盘突出 高血压 糖尿病 痛风 口腔溃疡 近视 脱发 便秘 牙疼 落枕 晕车 中暑 扭伤 贫血 湿疹",
  ),
  heldout: list("肩周炎 胃炎 荨麻疹 偏头痛 低血压"),
};
export const language_name = {
  train: list("英语 日语 法语 德语 韩语 西班牙语 俄语 意大利语 阿拉伯语 泰语 粤语 拉丁语"),
  heldout: list("葡萄牙语 瑞典语 上海话"),
};
export const computing = {
  train: list(
    "Python JavaScript Java C++ Go Rust Excel SQL 网页 小程序 爬虫 排序算法 正则表达式 数据库 Linux Docker HTML 安卓应用",
  ),
  heldout: list("TypeScript Kotlin Shell脚本 二叉树"),
};
export const theme = {
  train: list(
    "春天 母爱 大海 友情 月亮 故乡 雪 秋天 爱情 梦想 夜晚 孤独 旅行 毕业 星空 老街 雨天 童年 时间 山 一只猫 机器人 老师 中秋",
  ),
  heldout: list("夏夜 灯塔 重逢 麦田 外婆"),
};
export const invented = { train: [strange], heldout: [heldLatin] };
