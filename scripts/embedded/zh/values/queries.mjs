// What is searched for on the web. Held-out queries follow other patterns with other names.
import { composed, lines, list } from "../compose.mjs";
import { heldLatin, latin, strange } from "./invented.mjs";
import { person } from "./people.mjs";
import { near } from "./places.mjs";
import { inner as texts } from "./texts.mjs";

const patterns = lines(`今天的新闻
  今天的天气
  {city}的天气
  {city}{day}的天气
  {city}旅游攻略
  {city}美食推荐
  {city}好玩的地方
  {city}到{city}的高铁票
  {city}房价
  {city}限行规定
  {city}疫情
  {place}的营业时间
  {place}的门票价格
  {place}几点关门
  {place}的电话
  {place}评价
  {place}停车费
  {place}在哪
  {place}的历史
  {dish}的做法
  {dish}怎么做
  {dish}的热量
  {thing}的价格
  {thing}哪个牌子好
  {thing}怎么选
  {thing}怎么保存
  {brand}{gadget}
  {brand}{gadget}多少钱
  {brand}{gadget}评测
  {brand}{gadget}和{brand}{gadget}的区别
  {brand}是哪个国家的牌子
  {brand}股价
  {brand}售后电话
  {latin}股票
  {latin}是什么意思
  {latin}官网
  {latin} {latin}
  {strange}是什么意思
  {strange}怎么读
  {strange}的出处
  {strange}牌{thing}
  {star}的新歌
  {star}演唱会
  {star}多大了
  {star}的电影
  {star}最新消息
  {person}是谁
  {film}影评
  {film}的结局
  {film}什么时候上映
  {film}的导演
  {team}昨天的比分
  {team}赛程
  {team}对{team}
  世界杯赛程
  奥运会金牌榜
  今天的油价
  92号汽油价格
  美元汇率
  人民币兑{money}汇率
  黄金价格
  比特币价格
  {subject}
  {subject}是什么
  {subject}的原理
  {subject}怎么办
  {subject}怎么用
  怎么{how}
  怎么{how}最快
  如何{how}
  为什么{why}
  {year}年{event}
  {event}是哪天
  {event}放假安排
  {event}的由来
  {animal}吃什么
  {animal}的寿命
  {animal}会冬眠吗
  世界上最{most}
  中国最{most}
  附近的{shop}
  {place}附近的{shop}
  最近的{shop}几点开门
  {count}岁孩子的绘本
  适合{who}的{thing}
  {who}能不能吃{thing}
  iPhone {small}
  iPhone {small} 价格
  GPT-{small}
  {inch}寸电视
  {city}地铁几点停运
  {city}哪里看夜景
  {city}必吃的{dish}
  {city}车展
  {city}马拉松
  {city}人才补贴
  {city}落户条件
  {city}机场大巴
  {city}方言
  {city}{year}年GDP
  {city}下雪了吗
  {place}怎么预约
  {place}有没有停车场
  {place}开放时间
  {place}官网
  {place}的菜单
  {place}人均消费
  {place}是哪年建的
  {place}的照片
  {strange}科技有限公司
  {strange}的作者
  {strange}读音
  {strange}百科
  {strange}品牌官网
  {strange}和{strange}的区别
  {strange}在古文里的意思
  成语{strange}
  {strange}乐队
  {strange}镇在哪个省
  {latin}的读音
  {latin}评测
  {latin}和{latin}哪个好
  {latin}怎么下载
  {latin}耳机
  {latin} {n}
  {latin}CEO是谁
  {person}的电话
  {person}的论文
  {dish}的由来
  {dish}怎么吃
  {dish}哪家好吃
  {dish}放多少盐
  {thing}的英文
  {thing}生产过程
  {thing}过敏怎么办
  {thing}打折
  {thing}推荐
  {brand}{gadget}说明书
  {brand}{gadget}怎么重启
  {brand}{gadget}最新款
  {brand}最近的新闻
  {brand}门店
  {brand}招聘
  {star}的老婆
  {star}的专辑
  {star}身高
  {star}演的电视剧
  {film}主题曲
  {film}演员表
  {film}第二季
  {film}在哪看
  {team}转会新闻
  {team}队员名单
  {team}什么时候比赛
  {subject}最新进展
  {subject}的好处
  {subject}的缺点
  {subject}视频
  {subject}需要什么材料
  {subject}流程
  {subject}多少钱
  {how}教程
  {how}要多久
  {how}的最好方法
  {event}祝福语
  {event}吃什么
  {event}去哪玩
  {event}促销
  {animal}图片
  {animal}有毒吗
  {animal}跑多快
  {year}年诺贝尔奖
  {year}年奥斯卡最佳影片
  {year}年{city}发生的事
  {n}年前的今天
  {n}路公交车路线
  {n}块的{thing}
  {who}吃什么好
  {who}的{gadget}
  今天的头条
  本地新闻
  今晚的球赛
  今日限行尾号
  最新的油价调整
  下一次日食是什么时候
  最近上映的电影
  最好看的科幻片
  世界上有多少种语言
  世界人口
  {n}元以内的{gadget}`);
const heldPatterns = lines(`{city}夜市排行
  {city}地铁线路图
  {city}有哪些大学
  {place}的预约方式
  {place}能不能带宠物
  {place}周边民宿
  {dish}的正宗配方
  {thing}保质期多久
  {thing}有什么功效
  {brand}{gadget}续航
  {brand}{gadget}使用教程
  {latin}创始人
  {strange}的拼音
  {strange}同款{thing}
  {star}获奖经历
  {film}豆瓣评分
  {film}原著作者
  {team}主教练
  {subject}的发展史
  {subject}入门
  {how}的技巧
  {event}的习俗
  {animal}的天敌
  哪种{animal}最聪明
  {who}专用{gadget}
  {city}古镇哪个好
  {place}有没有充电桩
  {strange}集团
  {strange}是哪个朝代的
  {latin}旗舰店
  {latin}配件
  {dish}饮食禁忌
  {thing}批发
  {subject}科普
  {n}号线首末班车
  {star}纪录片
  {film}幕后花絮
  历史上的{event}
  {n}升冰箱`);

const train = {
  city: list(`北京 上海 广州 深圳 杭州 成都 重庆 西安 武汉 长沙 南京 苏州 厦门 青岛 大连 昆明 大理 三亚 哈尔滨 拉萨 香港 澳门 台北 东京 大阪 首尔 曼谷 巴黎 伦敦 纽约 悉尼 新加坡 巴厘岛
    冰岛 贵阳 南宁 桂林 郑州 济南 天津 沈阳 喀什 敦煌 洛阳 泉州 潮州 佛山 扬州`),
  day: list("明天 后天 周末 下周 今晚 这周 十月 春节"),
  place: near.train,
  dish: texts.train.dish,
  thing: texts.train.thing,
  brand: list(
    `华为 小米 苹果 三星 联想 戴尔 索尼 佳能 大疆 比亚迪 特斯拉 蔚来 理想 小鹏 问界 吉利 长城 奔驰 宝马 奥迪 丰田 本田 大众 美的 格力 海尔 戴森 飞利浦 耐克 阿迪达斯 安踏 OPPO vivo 荣耀`,
  ),
  gadget: list(
    "手机 笔记本 平板 耳机 手表 电视 冰箱 空调 洗衣机 相机 无人机 音箱 路由器 充电宝 电动车 吸尘器 跑鞋 眼镜 键盘 打印机 投影仪 SUV 新车 汽车",
  ),
  star: list(
    "周杰伦 林俊杰 邓紫棋 陈奕迅 刘德华 张学友 王菲 梁朝伟 周星驰 成龙 巩俐 章子怡 胡歌 易烊千玺 孙燕姿 五月天 泰勒斯威夫特 梅西 C罗 姚明 刘翔 谷爱凌 郎平 贝多芬 鲁迅 李白 苏轼 爱因斯坦 马斯克 雷军",
  ),
  person: person.train,
  film: list(
    "《流浪地球》 《哪吒》 《三体》 《红楼梦》 《西游记》 《泰坦尼克号》 《阿凡达》 《肖申克的救赎》 《霸王别姬》 《狂飙》 《甄嬛传》 《海贼王》 《千与千寻》 流浪地球 满江红 长津湖 盗梦空间 星际穿越 奥本海默 封神",
  ),
  team: list("湖人 勇士 皇马 巴萨 曼联 利物浦 国足 中国女排 广东队 阿根廷队 巴西队 申花 国安 拜仁"),
  money: list("日元 欧元 英镑 港币 韩元 泰铢 卢布 新加坡元"),
  subject:
    list(`黑洞 量子计算 人工智能 区块链 光合作用 相对论 固态电池 碳中和 新能源补贴 电动车保养 轮胎换位 失眠 偏头痛 颈椎病 低血糖 晕车 高原反应 中暑 过敏性鼻炎 近视手术 社保 公积金 居住证 驾照换证 ETC 车辆年检 违章查询 护照办理
    签证 医保 二维码 无线充电 氢能源 蓝牙耳机 智能眼镜 增强现实 元宇宙 大语言模型 5G 卫星通信 极光 台风 地震 厄尔尼诺 丝绸之路 长征 唐诗 书法 京剧 昆曲 皮影戏 剪纸 太极拳 八段锦`),
  how: list(
    "去除油渍 学英语 做蛋糕 泡茶 练腹肌 减肥 戒烟 戒糖 打领带 系鞋带 拍月亮 剪视频 换备胎 除甲醛 洗羽绒服 煮咖啡 存钱 办港澳通行证 报名驾校 注册公司 学吉他 游自由泳 保护视力 缓解疲劳 提高记忆力",
  ),
  why: list(
    "天是蓝的 海水是咸的 会打嗝 树叶会变红 打哈欠会传染 飞机能飞 冬天有静电 月亮有圆缺 洋葱让人流泪 猫怕水 电动车冬天掉电快 地铁里没信号 耳朵会嗡嗡响",
  ),
  year: [(random) => String(random.integer(1900, 2030))],
  event: list(
    "春节 中秋节 国庆节 清明节 端午节 元宵节 重阳节 七夕 圣诞节 万圣节 感恩节 高考 双十一 世界杯 奥运会 亚运会 进博会 车展",
  ),
  animal: list(
    "大熊猫 企鹅 考拉 鲸鱼 海豚 刺猬 松鼠 蝙蝠 乌龟 鳄鱼 长颈鹿 狮子 蜂鸟 章鱼 水母 蜗牛 猫头鹰 北极熊 骆驼 丹顶鹤",
  ),
  most: list("高的山 长的河 深的湖 大的沙漠 小的国家 快的火车 贵的车 冷的地方 老的树 大的机场 高的楼 长的桥 辣的辣椒"),
  shop: list(
    "电影院 书店 火锅店 健身房 洗车店 二手车市场 宠物医院 牙科诊所 游泳馆 密室逃脱 剧本杀 露营地 农家乐 博物馆",
  ),
  who: list("老人 孕妇 小孩 婴儿 糖尿病人 学生 初学者 上班族 高血压患者 素食者"),
  count: list("一 两 三 五 六 八 十"),
  n: [(random) => String(random.integer(4, 99)), (random) => String(random.integer(100, 5000))],
  inch: list("32 43 50 55 65 75 85 98"),
  small: [(random) => String(random.integer(3, 20))],
  latin,
  strange,
};
const heldout = {
  ...train,
  city: list("湖州 舟山 肇庆 九寨沟 吐鲁番 嘉峪关 米兰 清迈 釜山 里斯本 花莲 自贡"),
  place: near.heldout,
  dish: texts.heldout.dish,
  thing: texts.heldout.thing,
  brand: list("魅族 一加 方太 老板 极氪 沃尔沃 尼康 李宁 任天堂 罗技"),
  gadget: list("手环 微波炉 洗碗机 行车记录仪 显示器 电饭煲 空气净化器"),
  star: list("张国荣 李宗盛 杨紫 吴京 樊振东 郑钦文 杜甫 达芬奇"),
  person: person.heldout,
  film: list("《让子弹飞》 《活着》 《水浒传》 《寻梦环游记》 繁花 沙丘"),
  team: list("凯尔特人 切尔西 国米 泰山队 日本队"),
  subject: list("核聚变 纳米材料 暗物质 潮汐锁定 痛风 飞蚊症 二胡 景泰蓝 榫卯 无人驾驶"),
  how: list("钓鱼 滑雪 画素描 腌泡菜 下厨 徒步"),
  event: list("腊八节 冬至 立春 母亲节 冬奥会"),
  animal: list("雪豹 河马 火烈鸟 穿山甲 海马"),
  who: list("程序员 司机 过敏体质 跑步新手"),
  latin: heldLatin,
};

export const query = { train: [composed(patterns, train)], heldout: [composed(heldPatterns, heldout)] };
export const city = { train: train.city, heldout: heldout.city };
