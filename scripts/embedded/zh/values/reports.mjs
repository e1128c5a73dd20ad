// What the results of tools report, beside the numbers: products, prices, answers of the web, errors.
import { composed, lines, list } from "../compose.mjs";
import { products } from "./closed.mjs";
import { heldLatin, latin, strange } from "./invented.mjs";

const money = (random) =>
  random.pick([
    `${random.integer(1, 99)}元`,
    `${random.integer(100, 9999)}元`,
    `${random.integer(1, 99)}.${random.integer(1, 9)}元`,
    `${random.integer(2, 999)}块`,
  ]);
const heldMoney = (random) =>
  random.pick([
    `${random.integer(1, 99)}.${random.integer(10, 99)}元`,
    `${random.integer(10, 99)}000元`,
    `${random.integer(1, 500)}块钱`,
  ]);

export const price = { train: [money], heldout: [heldMoney] };

const brands = list(
  "华为 小米 索尼 佳能 美的 海尔 飞利浦 耐克 安踏 蒙牛 伊利 康师傅 统一 农夫山泉 元气森林 三只松鼠 良品铺子 李锦记 海天 老干妈 大白兔 百草味 旺旺 徐福记 雀巢 德芙 乐事 奥利奥 妮维雅 欧莱雅 资生堂 高露洁 舒肤佳 蓝月亮 晨光 得力 双鹿 回力",
);
const heldBrands = list("金龙鱼 光明 洽洽 王老吉 大宝 云南白药 百雀羚 凤凰 英雄 永久");
export const item = {
  train: [
    composed(
      [
        "{brand}{product}",
        "{strange}{product}",
        "{strange}牌{product}",
        "{latin} {product}",
        "{brand}{strange}{product}",
      ],
      { brand: brands, product: products.train, strange, latin },
    ),
  ],
  heldout: [
    composed(["{brand}{product}", "{latin} {product}"], {
      brand: heldBrands,
      product: products.heldout,
      latin: heldLatin,
    }),
  ],
};

const contents = list(
  "小麦粉 白砂糖 食用盐 植物油 棕榈油 鸡蛋 全脂奶粉 水 大豆 花生 芝麻 可可脂 柠檬酸 食用香精 淀粉 麦芽糖 味精 酱油 辣椒 胡椒 乳清粉 海藻糖 果胶 山梨糖醇 甘油 透明质酸 烟酰胺 香精 维生素E 棉 聚酯纤维 羊毛",
);
export const contents_list = {
  train: [composed(["{a}、{a}、{a}", "{a}、{a}", "{a}、{a}、{a}、{a}"], { a: contents })],
  heldout: [composed(["{a}、{a}、{a}"], { a: list("糯米 椰浆 燕麦 蔗糖 蛋清 黄油 红豆 蜂蜡 尿素 亚麻") })],
};
export const country = {
  train: list(
    "中国 日本 韩国 泰国 越南 德国 法国 意大利 西班牙 英国 美国 加拿大 澳大利亚 新西兰 巴西 智利 阿根廷 荷兰 比利时 瑞士 瑞典 丹麦 土耳其 印度 印度尼西亚 马来西亚 墨西哥 俄罗斯 浙江义乌 广东东莞 福建泉州 山东青岛 江苏苏州 四川成都 台湾 香港 云南普洱 宁夏 新疆",
  ),
  heldout: list("葡萄牙 希腊 波兰 埃及 秘鲁 菲律宾 河北保定 湖南浏阳 景德镇"),
};
export const stars = {
  train: [(random) => `${random.integer(2, 4)}.${random.integer(0, 8)}`],
  heldout: [(random) => `${random.integer(2, 4)}.9`],
};
export const station_name = {
  train: [
    composed(["{strange}充电站", "{brand}充电站", "{strange}广场充电站", "{brand}{strange}站"], {
      strange,
      brand: list("特来电 星星充电 国家电网 云快充 小桔 蔚来 特斯拉 小鹏 南网 壳牌"),
    }),
  ],
  heldout: [composed(["{strange}停车场充电点", "{brand}超充{strange}店"], { strange, brand: list("理想 极氪 依威") })],
};
export const snippet = {
  train: [
    composed(
      lines(`{strange}成立于{year}年
        {latin}是一家{strange}公司
        周一到周日{h}点到{late}点开放
        门票{money}
        明天多云，{low}到{high}度
        今天有雨，最高{high}度
        比分是{low}比{h}
        最新价格是{money}
        需要提前{h}天预约
        大约有{year}人
        全程{year}公里
        {strange}，{year}年出生
        建议{h}月前往
        目前售价{money}
        电话是{year}{year}
        位于{strange}路{low}号`),
      {
        strange,
        latin,
        money: [money],
        year: [(random) => String(random.integer(1000, 2030))],
        h: [(random) => String(random.integer(2, 11))],
        late: [(random) => String(random.integer(16, 23))],
        low: [(random) => String(random.integer(1, 15))],
        high: [(random) => String(random.integer(16, 38))],
      },
    ),
  ],
  heldout: [
    composed(["{strange}建于{year}年", "大人{money}，小孩免费", "后天晴，最低{low}度", "{latin}总部在{strange}"], {
      strange,
      latin: heldLatin,
      money: [heldMoney],
      year: [(random) => String(random.integer(1000, 2030))],
      low: [(random) => String(random.integer(1, 15))],
    }),
  ],
};
export const advice = {
  train: lines(`请尽快检查胎压
    请在安全处停车检查
    可以继续开，尽快去维修站
    请立即停车并熄火
    请添加机油
    请添加冷却液
    请添加玻璃水
    请检查车门
    请系好安全带
    请松开手刹
    请联系服务中心
    请更换灯泡
    请减速慢行
    请不要继续行驶
    请等发动机冷却
    电池充电系统有问题
    刹车油偏低
    左前轮胎压只有1.8
    右后轮在漏气
    建议三天内检修
    传感器可能脏了`),
  heldout: lines(`请靠边停车并呼叫救援
    请到最近的4S店检测
    蓄电池可能老化
    刹车片需要更换
    请关好后备箱`),
};
export const error = {
  train: lines(`没有网络
    网络超时
    连接超时
    定位失败
    找不到这个地方
    没有路线
    找不到联系人
    没有权限
    服务不可用
    未登录
    没有结果
    摄像头被遮住了
    太暗了，看不清
    识别失败
    麦克风没有打开
    车窗被卡住了
    空调故障
    座椅没有这个功能
    没有找到这首歌
    没有播放的内容
    附近没有充电站
    电池数据不可用
    车辆未启动
    传感器故障
    设备忙
    系统正在升级
    没有订阅`),
  heldout: lines(`信号太弱
    服务器没有响应
    卫星信号丢失
    通讯录是空的
    儿童锁已打开
    电压过低
    请求被拒绝`),
};
