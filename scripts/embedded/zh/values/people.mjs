// Recipients: family, colleagues, names with titles, given names of any common characters, foreign names, groups.
import { composed, list, often } from "../compose.mjs";
import { character, heldLatin, latin } from "./invented.mjs";

const surnames =
  list(`李 王 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋
  蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎
  欧阳 上官 司马 诸葛 皇甫 尉迟`);
const heldSurnames = list(
  "易 常 武 乔 贺 赖 龚 文 庞 樊 兰 殷 施 陶 洪 翟 安 颜 倪 严 牛 温 芦 季 俞 章 鲁 葛 伍 韦 申 尤 毕 聂 丛 焦 向 柳 邢 慕容 令狐",
);
const given =
  list(`伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 子涵 梓轩 浩然 雨桐 欣怡 诗涵 宇航 思远 佳怡 嘉豪 俊杰 晓东
  晓燕 志强 建国 建华 国庆 春梅 丽华 海燕 玉兰 小红 文博 天宇 梦瑶 若曦 一诺 沐宸 奕辰 语嫣 可欣 雅婷 怡君 家豪 淑芬 美玲 俊宏 志明 春娇 振华 鹏飞
  晨曦 慧敏 婉清 博文 翰林 瑾瑜 舒然 泽宇 煜城 霖 钰 璐 琪 婷 倩 蕊 颖 岚 茜 楠 昊 睿 骏 铭 琛 鑫 垚 淼 翔 锐 凯 晖 曦`);
const heldGiven = list(
  "雪峰 立军 桂芝 月娥 宗翰 冠宇 筱雨 思琪 以墨 知夏 清扬 景行 佩瑶 书瑶 云帆 诗雅 珊 莹 蓓 炜 晟 骁 屹 韬 勋 娅",
);
const family =
  list(`妈妈 爸爸 老婆 老公 我妈 我爸 妈 爸 老妈 老爸 爷爷 奶奶 外公 外婆 姥姥 姥爷 哥哥 姐姐 弟弟 妹妹 我哥 我姐 我弟 我妹 儿子 女儿 我儿子
  我女儿 岳父 岳母 丈母娘 婆婆 公公 舅舅 舅妈 姑姑 姑妈 叔叔 阿姨 大伯 二姨 三叔 表哥 表姐 堂弟 堂妹 嫂子 姐夫 孩子他妈 我老婆 我老公 媳妇儿 女朋友 男朋友 对象
  室友 同桌 闺蜜 老同学 邻居 房东 物业 保姆 司机 快递员 外卖小哥 前台 老板 领导 客户 经理 班主任 教练 导师 同事 秘书 助理 房产中介 师傅 大哥 二哥 老弟 老妹
  老大 胖子 大刘 阿嬷 阿公 老豆 老妈子 宝贝 亲爱的 宝宝`);
const heldFamily = list(
  "伯母 小姨 小姑 姨妈 外甥 侄女 孙子 孙女 未婚妻 发小 学长 学姐 合伙人 装修师傅 月嫂 代驾 我家那位 老伴 二舅 表弟 大嫂 班长",
);
const titles = list(
  "总 经理 老师 主任 医生 师傅 教授 律师 哥 姐 叔 阿姨 工 局长 处长 校长 教练 老板 先生 女士 小姐 同学 导 队 警官 院长 秘书 助理 奶奶 伯伯 太太",
);
const heldTitles = list("会计 护士 主管 部长 博士 大夫 编辑 大爷 大妈 制片");
const foreign =
  list(`Anna Ben Tom Lucy Kevin David Jason Emma Lily Alice Bob Jack Rose Peter Mike Steven Cindy Vivian Tina Eric Leo Jenny Michael Sarah Daniel Sophie
  Maria Carlos Ahmed Yuki Kenji Hans Pierre Olga Ivan Fatima Priya Amy Andy Frank Grace Helen Iris Joyce Kelly Linda Nancy Oscar Paul Queenie Ray Sam Tony Wendy
  Zoe 安娜 汤姆 露西 杰克 彼得 玛丽 大卫 艾米 莉莉 山田 佐藤 铃木 金敏智 朴先生 伊万 卡洛斯 索菲亚 米歇尔 马克 凯文 苏珊 迈克 艾伦 罗伯特`);
const heldForeign = list(
  "Nora Felix Gavin Mandy Sandra Hugo Ingrid Rachel Victor Yvonne 亨利 克莱尔 田中 高桥 艾丽丝 托马斯 卢卡斯 娜塔莎 约翰 Xavier",
);
const groups =
  list(`家庭群 公司群 工作群 项目群 班级群 业主群 同学群 家长群 羽毛球群 部门群 相亲相爱一家人 吃货群 拼车群 销售部 技术部 财务部 人事部 市场部 设计组 客服 车友群 物业管家
  合唱团 读书会 篮球队 值班室`);
const heldGroups = list("战友群 牌友群 跑步群 法务部 采购部 运维组 志愿者群 老乡群 摄影社");

/** Characters of training names: 小施 and the like are held out. */
const trainCharacter = (random) => {
  const drawn = character(random);
  return heldSurnames.includes(drawn) || "姑姨".includes(drawn) ? "晴" : drawn;
};

const train = {
  surname: surnames,
  given,
  family,
  title: titles,
  foreign,
  group: groups,
  character: trainCharacter,
  latin,
  role: list("同事 朋友 邻居 客户 老板 同学 助理 房东 教练 徒弟 战友"),
};
const heldout = {
  ...train,
  character,
  surname: heldSurnames,
  given: heldGiven,
  family: heldFamily,
  title: heldTitles,
  latin: heldLatin,
  foreign: heldForeign,
  group: heldGroups,
  role: list("搭档 学妹 上司 球友 网友 老乡"),
};

const patterns = {
  named: ["{surname}{title}", "小{surname}", "老{surname}", "{surname}{given}", "{surname}{given}", "{given}"],
  strange: [
    "{surname}{character}",
    "{surname}{character}{character}",
    "{surname}{character}{character}",
    "阿{character}",
    "小{character}",
    "{character}{character}",
    "{character}{title}",
  ],
  longer: [
    "我{role}{surname}{given}",
    "我{role}",
    "{surname}{given}{title}",
    "{surname}{character}{title}",
    "我{role}小{surname}",
    "{family}和{given}",
  ],
};
const heldPatterns = {
  named: ["{surname}{title}", "小{surname}", "老{surname}", "{surname}{given}", "{surname}{given}", "{given}"],
  strange: ["{surname}{character}", "{surname}{character}{character}", "{character}{title}"],
  longer: ["我{role}{surname}{given}", "我{role}", "{surname}{given}{title}", "{family}和{given}"],
};

const kinds = (inner, { named, strange, longer }) => [
  ...often(composed(["{family}"], inner), 4),
  ...often(composed(named, inner), 5),
  ...often(composed(strange, inner), 4),
  ...often(composed(["{foreign}", "{foreign}", "{latin}"], inner), 3),
  composed(["{group}"], inner),
  composed(longer, inner),
];

export const recipient = { train: kinds(train, patterns), heldout: kinds(heldout, heldPatterns) };

/** Recipients whose end is plain where the message follows without a word between. */
const plainKinds = (inner) => [
  ...often(composed(["{family}"], inner), 4),
  ...often(composed(["{surname}{title}", "小{surname}", "{surname}{given}", "{surname}{given}"], inner), 4),
  ...often(composed(["{foreign}"], inner), 2),
  composed(["{group}", "{surname}{given}{title}", "我{role}"], inner),
];
export const contact = { train: plainKinds(train), heldout: plainKinds(heldout) };

/** People inside a message or a search. */
export const person = {
  train: [
    composed(
      ["{family}", "{surname}{title}", "小{surname}", "{surname}{given}", "{foreign}", "{given}", "小{character}"],
      train,
    ),
  ],
  heldout: [composed(["{family}", "{surname}{title}", "小{surname}", "{surname}{given}", "{foreign}"], heldout)],
};
