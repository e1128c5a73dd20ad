// Destinations and places nearby: real and invented, from 家 to a house number, held-out ones of other names and
// patterns.
import { composed, lines, list, often } from "../compose.mjs";
import { character, heldLatin, latin, strange } from "./invented.mjs";

const cities =
  list(`北京 上海 广州 深圳 杭州 南京 苏州 成都 重庆 武汉 西安 长沙 天津 青岛 大连 厦门 福州 宁波 无锡 合肥 郑州 济南 沈阳
  哈尔滨 长春 昆明 贵阳 南宁 海口 三亚 兰州 西宁 银川 乌鲁木齐 拉萨 呼和浩特 太原 石家庄 南昌 温州 嘉兴 绍兴 金华 台州 常州 南通 扬州
  徐州 镇江 泰州 盐城 芜湖 黄山 泉州 漳州 莆田 佛山 东莞 珠海 中山 惠州 汕头 湛江 桂林 柳州 北海 大理 丽江 西双版纳 遵义 洛阳 开封
  襄阳 宜昌 岳阳 张家界 衡阳 株洲 湘潭 赣州 九江 景德镇 烟台 威海 潍坊 淄博 临沂 泰安 曲阜 秦皇岛 承德 保定 唐山 廊坊 大同 平遥
  宝鸡 延安 咸阳 敦煌 张掖 喀什 香港 澳门 台北 高雄 台中 绵阳 乐山 宜宾 阿坝 稻城 香格里拉 腾冲 景洪 鄂尔多斯 满洲里 延吉 丹东
  东京 大阪 京都 首尔 曼谷 新加坡 巴黎 伦敦 柏林 罗马 慕尼黑 里昂 马德里 纽约 旧金山 洛杉矶 温哥华 悉尼 墨尔本`);
const heldCities =
  list(`湖州 舟山 滁州 宿迁 九寨沟 龙岩 肇庆 梅州 玉林 楚雄 安顺 许昌 荆州 郴州 吉安 日照 德州 邯郸 运城 汉中 嘉峪关 吐鲁番
  花莲 自贡 林芝 名古屋 釜山 清迈 米兰 苏黎世 里斯本 芝加哥 奥克兰`);

const pois =
  list(`火车站 高铁站 机场 人民医院 第一医院 中医院 儿童医院 博物馆 体育馆 体育中心 图书馆 动物园 植物园 大剧院 美术馆 科技馆 万达广场
  万象城 奥特莱斯 会展中心 国际会议中心 大学 师范大学 第一中学 实验小学 海洋公园 游乐园 古城 老城区 市政府 客运中心 汽车站 东站 南站 西站
  北站 人民公园 湿地公园 欢乐谷 步行街 码头 港 大厦 软件园 高新区 开发区 电视塔 购物中心`);
const heldPois = list(
  "航站楼 妇幼保健院 天文馆 规划馆 来福士 音乐厅 职业学院 外国语学校 森林公园 大悦城 批发市场 邮轮港 科创园 文化宫",
);

const facilities =
  list(`加油站 停车场 厕所 洗手间 公共厕所 超市 便利店 药店 药房 医院 银行 取款机 ATM 酒店 餐厅 饭馆 咖啡馆 咖啡店 奶茶店 面包店
  服务区 洗车店 修车店 4S店 健身房 游泳馆 电影院 公园 书店 花店 邮局 派出所 地铁站 公交站 充电站 火锅店 烧烤摊 酒吧 网吧 快餐店 麦当劳
  肯德基 星巴克 海底捞 菜市场 水果店 五金店 打印店 理发店 宠物医院 幼儿园 诊所 牙科 眼镜店 轮胎店 商场 沙县小吃 兰州拉面 7-Eleven 全家 罗森`);
const heldFacilities = list(
  "卫生间 化妆品店 文具店 瑜伽馆 菜鸟驿站 小卖部 茶馆 社区医院 急诊 洗衣店 必胜客 瑞幸 生鲜超市 台球厅 换电站 茶吧 充气站 收费站",
);

const plain =
  list(`家 家里 公司 单位 机场 火车站 高铁站 学校 医院 超市 健身房 我妈家 我爸妈家 奶奶家 外婆家 丈母娘家 老家 办公室 工厂 仓库 宿舍
  停车场 酒店 我住的酒店 客户公司 孩子学校 女儿的学校 儿子的幼儿园 女朋友家 男朋友家 朋友家 老板家 市中心 市区 海边 山顶 老地方 昨天那家餐厅
  上次那个停车场 收藏的第一个地点 下一个服务区 下一个出口 高速入口 T3航站楼 2号航站楼 T2到达层 地下车库 公寓 地铁站 公交站 客运站 码头 小区东门
  学校后门 医院急诊 法院 派出所 车管所 民政局 税务局 社保中心 驾校 考场 工地 农贸市场 健身中心 图书馆 电影院 动物园 植物园 游乐场 体育馆
  体育场 水库 湖边 露营地 滑雪场 温泉 高尔夫球场 度假村 农家乐 乡下 村口 镇上 县城 大桥 隧道口 收费站 服务区 加油站 充电站 酒吧 网吧 茶吧`);
const heldPlain =
  list(`姥姥家 婆婆家 我哥家 大学 幼儿园 值班室 研究所 实验室 孩子的补习班 姐姐家 舅舅家 教堂 清真寺 寺庙 林场 茶园 果园 渔港 公墓
  售楼处 东门 二号门 上回那家咖啡店 常去的那家理发店 前面那个路口 T1航站楼 员工食堂 书吧 民宿 营地`);

const landmarks = lines(`天安门
  故宫
  颐和园
  天坛
  八达岭长城
  慕田峪长城
  鸟巢
  水立方
  三里屯
  国贸
  西单
  王府井
  后海
  南锣鼓巷
  798艺术区
  环球影城
  中关村
  望京SOHO
  外滩
  东方明珠
  陆家嘴
  豫园
  城隍庙
  迪士尼
  上海迪士尼乐园
  新天地
  武康路
  徐家汇
  虹桥火车站
  虹桥机场
  浦东机场
  首都机场
  大兴机场
  白云机场
  广州塔
  小蛮腰
  沙面
  长隆野生动物世界
  北京路步行街
  世界之窗
  大梅沙
  华强北
  莲花山公园
  西湖
  雷峰塔
  灵隐寺
  河坊街
  西溪湿地
  乌镇
  周庄
  拙政园
  平江路
  金鸡湖
  夫子庙
  中山陵
  玄武湖
  总统府
  新街口
  宽窄巷子
  春熙路
  锦里
  大熊猫基地
  太古里
  都江堰
  洪崖洞
  解放碑
  磁器口
  黄鹤楼
  户部巷
  东湖
  兵马俑
  大雁塔
  回民街
  大唐不夜城
  鼓浪屿
  曾厝垵
  橘子洲头
  岳麓山
  五一广场
  栈桥
  崂山
  泰山
  趵突泉
  黄山
  庐山
  华山
  峨眉山
  布达拉宫
  洱海
  玉龙雪山
  滇池
  翠湖公园
  尖沙咀
  铜锣湾
  旺角
  维多利亚港
  太平山顶
  大三巴牌坊
  台北101
  士林夜市
  西门町
  日月潭
  阿里山
  垦丁
  九份
  东京塔
  浅草寺
  涩谷
  清水寺
  大阪城
  景福宫
  埃菲尔铁塔
  卢浮宫
  巴黎圣母院
  大本钟
  罗马斗兽场
  中央公园
  时代广场
  金门大桥
  IKEA
  宜家
  Costco
  山姆会员店
  盒马鲜生
  Apple Store
  K11
  SKP
  MUJI
  优衣库
  迪卡侬
  胖东来
  永辉超市
  大润发
  沃尔玛
  家乐福
  中山公园
  人民公园
  世纪公园
  奥林匹克公园
  八宝山
  紫禁城
  潘家园
  簋街
  什刹海
  鼓楼
  钟楼
  滕王阁
  岳阳楼
  凤凰古城
  莫高窟
  青海湖
  茶卡盐湖
  喀纳斯
  天山天池
  长白山
  镜泊湖
  中央大街
  圣索菲亚教堂
  星海广场
  北戴河
  山海关
  避暑山庄
  云冈石窟
  五台山
  壶口瀑布
  少林寺
  龙门石窟
  神农架
  三峡大坝
  武当山
  梵净山
  黄果树瀑布
  千户苗寨
  阳朔西街
  涠洲岛
  亚龙湾
  天涯海角
  蜈支洲岛`);
const heldLandmarks = lines(`景山公园
  恭王府
  五道口
  静安寺
  田子坊
  七宝古镇
  龙华寺
  陈家祠
  越秀公园
  深圳湾公园
  南头古城
  断桥
  宋城
  寒山寺
  虎丘
  鸡鸣寺
  玉林路
  青城山
  朝天门
  昙华林
  华清池
  鼓山
  武夷山
  八大关
  蓬莱阁
  恒山
  普陀山
  中环
  迪拜塔
  白金汉宫
  大英博物馆
  海德公园
  仙本那
  逢甲夜市
  Ole超市
  开市客
  H&M
  苏河湾
  鹿港老街`);

const roads =
  list(`人民 中山 解放 建设 和平 延安 长江 黄河 南京 北京 淮海 复兴 胜利 光明 文化 学院 科技 朝阳 建国 长安 滨江 沿河 环城 迎宾 新华
  青年 友谊 东风 团结 幸福 民生 体育 公园 花园 桂花 梧桐 银杏 樱花 翠竹 松柏 枫林 梅花 莲花 月季 牡丹 龙华 凤凰 麒麟 宝山 金沙 银河 星海 海棠
  香山 玉泉 紫荆 白云 青山 碧水 清河 湖滨 江南 河西 岭南 武夷 泰山 衡山 昆仑 天目 祁连 太湖 洞庭 鄱阳 珠江 闽江 松花江 嘉陵江 岷江 漓江 赤水
  广渠 知春 成府 学清 望京 霄云 亮马 芳园 丽泽 丰台 石景 龙岗 福田 罗湖 宝安 坂田 滨海 深南 天河 海珠 番禺 张江 浦建 世纪 漕溪 肇嘉 长宁 虹桥`);
const heldRoads = list(
  "劳动 育才 北辰 西康 武宁 曹杨 龙腾 燕山 钱塘 雁荡 芙蓉 丁香 石榴 杜鹃 鹦鹉 橡树 昌平 沧浪 渭水 贺兰 曲江 仙霞",
);

const trades =
  list(`面馆 饭店 餐厅 酒楼 小馆 茶餐厅 火锅 烧烤 串串 烤鱼 包子铺 米粉店 饺子馆 咖啡 咖啡馆 奶茶 茶室 茶楼 烘焙 蛋糕店 甜品 书店 花店
  超市 便利店 药房 诊所 口腔 宠物店 酒店 宾馆 民宿 客栈 公寓 大厦 广场 中心 花园 小区 家园 新村 公馆 国际 商城 百货 汽修 洗车 健身 瑜伽馆 琴行
  照相馆 理发店 美容院 幼儿园 小学 中学 医院 科技园 产业园 物流园 工业园 公园 山庄 农庄 度假村 温泉 影城 剧场 画廊 美术馆 博物馆 祠堂 寺 庙 桥 村
  镇 码头 渔港 牧场 水库 隧道 服务区 粥铺 豆腐坊 酱肉店 糕点铺 私房菜 大排档 食府 小厨`);
const heldTrades = list(
  "拉面 鸡煲 糖水铺 肠粉店 酒坊 文创园 茶庄 书院 水果行 车行 足道 雅苑 名邸 华庭 营地 大药房 中医馆 五金行 修表店 陶艺馆 烘焙坊 庄园",
);
const latinTrades = lines(`咖啡
  Cafe
  Coffee
  酒吧
  Bar
  健身
  Hotel
  Mall
  Bakery
  餐厅
  公寓
  Club
  Studio
  书店
  中心`);

const natural =
  list(`老王 老李 张记 陈记 刘一手 阿婆 阿嬷 外婆 大娘水饺旁的 川味 湘 蜀香 金牌 小龙坎 聚福 福满 和顺 同仁 国泰 永和 鼎泰 悦来 如意 锦绣
  云海 明月 清风 星光 阳光 银泰 恒隆 金鹰 华润 保利 万科 碧桂园 龙湖 绿城 融创 中海 招商 金地 世茂 远洋 旭辉 好又多 百姓 康泰 益民 惠民 新东方
  新世纪 四季 春天 秋水 山水 江南 塞北 岭上 湖畔 河边 云上 花间 竹里 松下`).filter((name) => !name.endsWith("旁的"));
const heldNatural = list("老孙 赵记 阿公 胖哥 香满 万福 济民 东升 南国 北岸 雨花 听涛 望江 拾光 半亩 鹿鸣 梧桐里 时代");

const train = {
  city: cities,
  poi: pois,
  facility: facilities,
  landmark: landmarks,
  plain,
  road: roads,
  trade: trades,
  latinTrade: latinTrades,
  natural,
  character,
  strange,
  latin,
  n: (random) => String(random.pick([random.integer(1, 99), random.integer(100, 2999)])),
  small: (random) => String(random.integer(1, 30)),
  letter: list("A B C D E F"),
  way: list("路 街 大道 大街 东路 西路 南路 北路 中路 胡同"),
  side: list("东门 西门 南门 北门 正门 停车场 地下停车场 入口 出口 售票处 游客中心"),
  spot: list("旁边 对面 附近 门口 楼下 隔壁 后面"),
  district: list(
    "朝阳区 海淀区 东城区 西城区 浦东 徐汇 静安 天河区 南山区 福田区 西湖区 滨江区 武侯区 锦江区 渝北区 洪山区 雁塔区 鼓楼区 江宁 吴中区",
  ),
};
const heldout = {
  ...train,
  city: heldCities,
  poi: heldPois,
  facility: heldFacilities,
  landmark: heldLandmarks,
  plain: heldPlain,
  road: heldRoads,
  trade: heldTrades,
  latinTrade: ["Lounge", "Plaza", "Garden", "花艺", "美甲"],
  natural: heldNatural,
  latin: heldLatin,
  way: list("巷 弄 里 环路"),
  side: list("二号门 落客区 检票口 侧门 观景台"),
  spot: list("斜对面 东侧 背后"),
  district: list("黄浦 杨浦 丰台区 越秀区 余杭区 青羊区 沙坪坝 江汉区 鼓山镇"),
};

const real = [
  "{city}{poi}",
  "{city}{poi}",
  "{landmark}",
  "{landmark}",
  "{city}",
  "{landmark}{side}",
  "{city}{poi}{side}",
];
const streets = [
  "{road}{way}{n}号",
  "{road}{way}",
  "{strange}{way}{n}号",
  "{strange}{way}",
  "{road}{way}和{road}{way}路口",
  "{city}{road}{way}{n}号",
  "{district}{road}{way}{n}号",
];
const shops = [
  "{natural}{trade}",
  "{strange}{trade}",
  "{strange}{trade}",
  "{strange}{trade}",
  "{natural}{trade}{small}店",
  "{latin}{latinTrade}",
  "{latin}",
  "{latin} {latinTrade}",
  "{character}记{trade}",
  "老{character}{trade}",
  "{strange}{trade}{small}号楼",
  "{strange}{trade}{letter}座",
  "{strange}{trade}{small}栋",
  "{road}{way}那家{trade}",
  "{district}{strange}{trade}",
];
const relative = [
  "最近的{facility}",
  "附近的{facility}",
  "附近最近的{facility}",
  "离我最近的{facility}",
  "{landmark}{spot}的{facility}",
  "{city}{poi}{spot}的{facility}",
  "{road}{way}上的{facility}",
  "{natural}{trade}{spot}",
  "公司{spot}的{facility}",
  "家{spot}的{facility}",
];
const heldRelative = [
  "离这儿最近的{facility}",
  "这附近的{facility}",
  "{landmark}{spot}的{facility}",
  "{strange}{trade}{spot}的{facility}",
  "学校{spot}的{facility}",
];

const kinds = (inner, near) => [
  ...often(composed(["{plain}"], inner), 3),
  ...often(composed(real, inner), 4),
  ...often(composed(streets, inner), 3),
  ...often(composed(shops, inner), 5),
  ...often(composed(near, inner), 2),
];

export const destination = { train: kinds(train, relative), heldout: kinds(heldout, heldRelative) };

/** What one looks for: 最近的药店. Charging stations are another tool's. */
const venueKinds = (inner, near) => [
  composed(near, { ...inner, facility: inner.facility.filter((facility) => !/[充换]电站/.test(facility)) }),
];
export const venue = {
  train: venueKinds(train, [
    "最近的{facility}",
    "附近的{facility}",
    "附近最近的{facility}",
    "离我最近的{facility}",
    "附近的{strange}{trade}",
    "最近的{natural}{trade}",
    "{landmark}{spot}的{facility}",
    "{city}{poi}{spot}的{facility}",
  ]),
  heldout: venueKinds(heldout, ["离这儿最近的{facility}", "这附近的{facility}", "{landmark}{spot}的{facility}"]),
};

/** A place something is near to: no 最近的, 附近的. */
const nearKinds = (inner) => [
  composed(["{plain}"], { plain: inner.nearPlain }),
  ...often(composed(real, inner), 3),
  ...often(composed(streets, inner), 2),
  ...often(composed(shops, inner), 4),
];
export const near = {
  train: nearKinds({
    ...train,
    nearPlain: list(
      "家 公司 单位 学校 机场 火车站 高铁站 医院 我妈家 酒店 市中心 动物园 体育馆 图书馆 客户公司 办公室 女儿的学校 高速入口",
    ),
  }),
  heldout: nearKinds({ ...heldout, nearPlain: heldPlain }),
};

/** Where one asks whether the charge is enough. */
const farKinds = (inner) => [
  ...often(composed(["{plain}"], inner), 2),
  ...often(composed(["{city}"], inner), 3),
  ...often(composed(real, inner), 3),
  ...often(composed(streets, inner), 2),
  ...often(composed(shops, inner), 3),
  ...often(composed(["最近的{facility}", "下一个{facility}"], inner), 1),
];
export const far = { train: farKinds(train), heldout: farKinds(heldout) };
