// What fills the passages: sums, hours, lengths, dates, codes, companies, persons.
import { composed, list } from "../compose.mjs";
import { heldLatin, latin, strange } from "./invented.mjs";
import { numeral } from "./numbers.mjs";
import { inner as texts } from "./texts.mjs";

/** A number with a unit, in digits or now and then as a numeral; held-out ones have another unit or spacing. */
const measured = (from, to, train, heldout) => {
  const draw = (units) => (random) => {
    const n = random.integer(from, to);
    return `${n < 1000 && random.chance(0.2) ? numeral(n) : n}${random.pick(units)}`;
  };
  return { train: [draw(train)], heldout: [draw(heldout)] };
};

const two = (n) => String(n).padStart(2, "0");
const clock = (random) => `${random.integer(6, 22)}:${two(random.integer(0, 11) * 5)}`;
const spoken = (random) =>
  `${random.pick(["早上", "上午", "下午", "晚上"])}${numeral(random.integer(1, 12))}点${random.pick(["", "半", "一刻"])}`;

export const sum = measured(3, 5000, ["元", "块钱", "元人民币"], ["欧元", "港币"]);
export const mileage = {
  train: [
    (random) => `${random.integer(3, 60)}00${random.pick(["公里", "0公里"])}`,
    (random) => `${numeral(random.integer(2, 20))}万公里`,
  ],
  heldout: [(random) => `${random.integer(3, 30)}50公里`],
};
export const span = measured(1, 36, ["年", "个月"], ["个年头", "个季度"]);
export const duration = measured(2, 90, ["分钟", "小时"], ["个钟头", "个半小时"]);
export const duration_long = measured(2, 90, ["天", "个工作日", "个月"], ["周", "日"]);
export const length = measured(2, 900, ["米", "厘米", "毫米"], ["尺", "丈"]);
export const distance = measured(2, 900, ["公里", "米"], ["里", "千米"]);
export const volume_of = measured(2, 900, ["升", "毫升"], ["公升", "加仑"]);
export const weight = measured(2, 900, ["克", "千克", "公斤"], ["斤", "吨"]);
export const energy = measured(10, 900, ["千焦", "千卡"], ["大卡"]);
export const temperature_of = measured(5, 95, ["度", "摄氏度"], ["℃"]);
export const power = measured(10, 3000, ["瓦", "千瓦"], ["W"]);
export const voltage = measured(12, 380, ["伏"], ["V"]);
export const speed = measured(20, 120, ["公里每小时", "公里"], ["迈"]);
export const pressure = {
  train: [
    (random) => `${random.integer(1, 2)}.${random.integer(0, 9)}巴`,
    (random) => `${random.integer(200, 299)}千帕`,
  ],
  heldout: [(random) => `${random.integer(180, 299)}kPa`],
};
export const dose = {
  train: [
    (random) => `${random.pick(["一", "两", "三", "半"])}${random.pick(["片", "粒", "袋", "支"])}`,
    (random) => `${random.integer(2, 500)}毫克`,
  ],
  heldout: [(random) => `${random.integer(2, 60)}滴`],
};
export const year_of = {
  train: [
    (random) => `${random.integer(618, 1960)}年`,
    composed(["{d}{n}年"], {
      d: list("唐贞观 北宋熙宁 明永乐 明万历 清康熙 清乾隆 清光绪 民国"),
      n: (random) => numeral(random.integer(2, 40)),
    }),
  ],
  heldout: [(random) => `${random.integer(1961, 2024)}年`, (random) => `公元${random.integer(100, 617)}年`],
};
export const date = {
  train: [
    (random) => `${random.integer(1, 12)}月${random.integer(1, 28)}日`,
    (random) => `20${random.integer(20, 29)}年${random.integer(1, 12)}月${random.integer(1, 28)}日`,
  ],
  heldout: [
    (random) => `20${random.integer(20, 29)}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`,
    (random) => `${random.integer(1, 12)}月${random.integer(1, 28)}号`,
  ],
};
export const clock_of = {
  train: [clock, spoken],
  heldout: [(random) => `${clock(random)}整`, (random) => `${random.integer(6, 22)}时${random.integer(1, 59)}分`],
};
export const hours = {
  train: [
    (random) => `${clock(random)}至${clock(random)}`,
    (random) => `${spoken(random)}到${spoken(random)}`,
    (random) => `周一至周五${clock(random)}到${clock(random)}`,
  ],
  heldout: [(random) => `每日${clock(random)}-${clock(random)}`],
};
export const phone = {
  train: [
    (random) => `400-${random.integer(100, 999)}-${random.integer(1000, 9999)}`,
    (random) => `0${random.integer(10, 99)}-${random.integer(10000000, 89999999)}`,
    (random) => String(random.integer(95000, 96999)),
  ],
  heldout: [(random) => `800${random.integer(1000000, 9999999)}`, (random) => `12${random.integer(100, 999)}`],
};
export const code = {
  train: [
    (random) => `${random.pick(list("A B C D E F G H K M N P"))}${random.integer(10, 9999)}`,
    (random) => `${latin(random)}${random.integer(10, 999)}`,
    (random) => String(random.integer(100, 99999999)),
  ],
  heldout: [
    (random) => `${random.pick(list("X Y Z"))}-${random.integer(100, 9999)}`,
    (random) => heldLatin(random).toLowerCase(),
  ],
};
export const train_number = {
  train: [(random) => `${random.pick(list("G D C"))}${random.integer(1, 9999)}`],
  heldout: [(random) => `${random.pick(list("K T Z"))}${random.integer(1, 9999)}`],
};
export const flight = {
  train: [(random) => `${random.pick(list("CA MU CZ HU 3U ZH MF"))}${random.integer(100, 9999)}`],
  heldout: [(random) => `${random.pick(list("SC HO JD"))}${random.integer(100, 9999)}`],
};
export const platform = measured(1, 24, ["站台", "号站台"], ["号月台"]);
export const gate = {
  train: [
    (random) => `${random.pick(list("A B C D"))}${random.integer(1, 60)}`,
    (random) => `${random.integer(1, 80)}号登机口`,
  ],
  heldout: [(random) => `${random.pick(list("E F H"))}${random.integer(1, 60)}口`],
};
export const floor = {
  train: [
    (random) => `${numeral(random.integer(1, 30))}楼`,
    (random) => `${random.integer(1, 40)}层${random.pick(["", "东侧", "大厅"])}`,
    composed(["{s}厅", "一楼{s}厅", "{s}楼"], { s: strange }),
  ],
  heldout: [(random) => `B${random.integer(1, 4)}层`, composed(["地下一层{s}室"], { s: strange })],
};
export const place_in = {
  train: list(
    "后备箱地板下 后备箱左侧 后备箱右侧 前备箱内 副驾座椅下方 主驾座椅下方 左前翼子板 右后翼子板 手套箱里 中控台下方 方向盘左侧 换挡杆旁边 车顶控制台 后排座椅靠背 后排扶手内 发动机舱右侧 发动机舱左侧 车门储物格",
  ),
  heldout: list("行李箱盖内侧 前保险杠后面 仪表台左端 后座中间 右前门槛处 驾驶座左下方"),
};
export const storage = {
  train: list("阴凉干燥处 冰箱冷藏室 零下十八度以下 避光处 通风处 儿童接触不到的地方 常温环境 密封罐中"),
  heldout: list("五度以下的环境 干燥的瓶子里 避免阳光直射的地方"),
};
export const company = {
  train: [
    composed(["{s}{k}", "{s}{k}有限公司", "{c}{s}{k}公司", "{l}{k}", "{s}出版社"], {
      s: strange,
      l: latin,
      c: list("北京 上海 广州 深圳 杭州 成都 苏州 青岛"),
      k: list("食品 科技 商贸 实业 汽车 电器 文化 物业 乳业 药业 纺织 家居"),
    }),
  ],
  heldout: [composed(["{s}{k}集团", "{l}{k}"], { s: strange, l: heldLatin, k: list("建设 酒业 光电 传媒") })],
};
export const origin = {
  train: [
    composed(["{p}", "{p}", "{p}{s}镇", "{s}县"], {
      p: list(
        "浙江金华 福建武夷山 云南普洱 四川眉山 河南安阳 陕西宝鸡 山东烟台 新疆吐鲁番 湖南湘西 江西景德镇 广东潮州 日本京都 泰国清迈 法国波尔多 意大利米兰 德国斯图加特 西班牙 新西兰 智利 台湾南投",
      ),
      s: strange,
    }),
  ],
  heldout: [composed(["{p}", "{s}乡"], { p: list("甘肃天水 河北赵县 广西梧州 葡萄牙 土耳其伊兹密尔"), s: strange })],
};
export const fabric = {
  train: [
    composed(["{n}%{f}", "{f}", "{f}和{f}"], {
      n: (random) => String(random.integer(20, 99)),
      f: list("棉 羊毛 涤纶 亚麻 真丝 羊绒 锦纶 粘纤 牛皮"),
    }),
  ],
  heldout: [
    composed(["{n}%{f}"], { n: (random) => String(random.integer(20, 99)), f: list("莫代尔 竹纤维 兔毛 氨纶") }),
  ],
};
export const symptom = {
  train: list("头晕 恶心 皮疹 嗜睡 口干 腹泻 便秘 失眠 心悸 胃痛 高血压 糖尿病 哮喘 肝病 肾病 青光眼 心脏病"),
  heldout: list("耳鸣 乏力 贫血 癫痫 荨麻疹"),
};
export const artist_name = {
  train: [
    composed(["{a}{s}", "{a}{s}", "{f}", "{l}"], {
      a: list("李 王 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 欧阳 司马"),
      s: strange,
      f: list("玛丽·布朗 约翰·史密斯 安德烈 佐藤健 保罗·塞尚 艾伦·陈"),
      l: latin,
    }),
  ],
  heldout: [composed(["{a}{s}", "{l}"], { a: list("樊 倪 齐 庄 阮 慕容"), s: strange, l: heldLatin })],
};
export const dish_of = {
  train: [composed(["{d}", "{s}{k}"], { d: texts.train.dish, s: strange, k: list("面 鱼 鸡 汤 豆腐 饭 饼 粥") })],
  heldout: [composed(["{d}", "{s}{k}"], { d: texts.heldout.dish, s: strange, k: list("羹 丸子 卷") })],
};
export const allergen_of = {
  train: list("花生 牛奶 鸡蛋 小麦 大豆 虾 蟹 鱼 芝麻 核桃 腰果 杏仁"),
  heldout: list("贝类 榛子 开心果 荞麦"),
};
export const nickname = { train: [strange], heldout: [composed(["{s}儿", "小{s}"], { s: strange })] };
export const spaces = {
  train: [(random) => String(random.integer(12, 3000))],
  heldout: [(random) => `近${random.integer(2, 30)}00`],
};
