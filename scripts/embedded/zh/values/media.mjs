// What is played: songs, artists, kinds of music, stations, podcasts, books, news; real and invented.
import { composed, lines, list, often } from "../compose.mjs";
import { character, heldLatin, latin, strange } from "./invented.mjs";

const artists =
  list(`周杰伦 林俊杰 陈奕迅 邓紫棋 孙燕姿 王菲 张学友 刘德华 李荣浩 薛之谦 毛不易 五月天 苏打绿 蔡依林 梁静茹 张惠妹 张韶涵 周深 华晨宇 李宗盛 罗大佑 邓丽君 蔡琴 费玉清 伍佰 朴树 许巍 汪峰
  崔健 窦唯 田馥甄 林宥嘉 陶喆 王力宏 方大同 卢广仲 萧敬腾 杨宗纬 张杰 那英 韩红 刀郎 凤凰传奇 逃跑计划 新裤子 痛仰 万能青年旅店 告五人 草东没有派对 茄子蛋 陈粒 房东的猫 赵雷 宋冬野 马頔 陈绮贞
  莫文蔚 郑秀文 谭咏麟 黄家驹 Beyond 周华健 任贤齐 张信哲 张宇 动力火车 SHE 飞儿乐团 信乐团 Adele Coldplay 泰勒斯威夫特 披头士 皇后乐队 贾斯汀比伯 碧昂丝 BTS 防弹少年团 宇多田光 久石让 坂本龙一
  贝多芬 莫扎特 肖邦 巴赫 郎朗 马友友 李健 老狼 水木年华 二手玫瑰 GAI`);
const heldArtists = list(
  "林忆莲 光良 曹格 品冠 张雨生 齐秦 谭维维 郁可唯 回春丹 落日飞车 万妮达 蛙池 花粥 好妹妹 Queen Maroon5 酷玩乐队 椎名林檎 柴可夫斯基 德彪西 王若琳 黄霄云",
);
const songs =
  list(`晴天 七里香 稻香 青花瓷 夜曲 简单爱 告白气球 一路向北 东风破 江南 曹操 十年 富士山下 浮夸 红玫瑰 泡沫 光年之外 遇见 绿光 红豆 传奇 因为爱情 吻别 忘情水 冰雨 李白 模特 演员 丑八怪 消愁
  平凡的一天 倔强 知足 突然好想你 小情歌 勇气 隧道 听海 大鱼 烟火里的尘埃 山丘 童年 甜蜜蜜 月亮代表我的心 千里之外 挪威的森林 平凡之路 那些花儿 蓝莲花 春天里 一无所有 小幸运 说谎 爱很简单 红蜻蜓 夜空中最亮的星
  没有理想的人不伤心 披星戴月的想你 成都 南方姑娘 董小姐 小半 贝加尔湖畔 海阔天空 光辉岁月 真的爱你 朋友 心太软 对面的女孩看过来 后来 孤勇者 起风了 漠河舞厅 本草纲目 双截棍 千千阙歌 上海滩 敢问路在何方
  难忘今宵 我的中国心 让我们荡起双桨 茉莉花 义勇军进行曲 二泉映月 梁祝 卡农 月光奏鸣曲 生日快乐歌 两只老虎 小星星 孤独患者 可惜没如果 体面 说散就散 像我这样的人 父亲 鸿雁 最炫民族风 荷塘月色 罗刹海市`);
const heldSongs = list(
  "安静 彩虹 龙卷风 背对背拥抱 爱情转移 单身情歌 大海 外面的世界 童话 恋曲1990 走马 理想三旬 我们的歌 匆匆那年 追光者 少年 野子 十面埋伏 小苹果 水手 千年之恋",
);
const english = lines(`Yellow
  Viva la Vida
  Hello
  Shape of You
  Yesterday
  Let It Be
  Hey Jude
  Hotel California
  Billie Jean
  Love Story
  Blank Space
  Bad Guy
  Dancing Queen
  Take On Me
  Fix You
  Lemon
  My Heart Will Go On
  Country Roads
  Imagine
  Faded`);
const heldEnglish = lines(`Someone Like You
  Bohemian Rhapsody
  Yesterday Once More
  Counting Stars
  Stand by Me
  Firework`);
const genres =
  list(`爵士乐 爵士 摇滚 摇滚乐 民谣 古典音乐 古典乐 轻音乐 纯音乐 钢琴曲 小提琴曲 吉他曲 电子乐 说唱 嘻哈 蓝调 乡村音乐 雷鬼 金属乐 朋克 流行歌 粤语歌 闽南语歌 英文歌 日语歌 韩语歌 法语香颂 老歌 儿歌 民歌 军歌 红歌
  京剧 昆曲 黄梅戏 粤剧 豫剧 评书 相声 单口相声 小品 白噪音 雨声 海浪声 鸟叫声 冥想音乐 瑜伽音乐 助眠音乐 圣诞歌 拉丁音乐 探戈 R&B 放克 国风 古琴曲 古筝曲 二胡曲 萨克斯 广场舞 动漫歌曲 电影原声 怀旧金曲 网络热歌 慢歌
  快歌 情歌 励志的歌 欢快的音乐 安静的音乐 舒缓的音乐 提神的歌 适合开车的歌 适合下雨天的歌 八十年代的歌 九十年代的老歌 华语经典 睡前故事 脱口秀`);
const heldGenres = list(
  "灵魂乐 迪斯科 布鲁斯 交响乐 竖琴曲 越剧 秦腔 评弹 篝火声 森林音效 后摇 蒸汽波 抒情歌 悲伤的歌 热闹的音乐 两千年代的歌 校园民谣 山歌 快板",
);
const stations = lines(`新闻
  今天的新闻
  早间新闻
  晚间新闻
  财经新闻
  体育新闻
  国际新闻
  新闻联播
  交通广播
  音乐之声
  中国之声
  经济之声
  文艺广播
  北京交通广播
  上海流行音乐台
  江苏音乐台
  广东电台
  香港电台
  深圳飞扬971
  BBC
  BBC World Service
  古典频道
  天气预报
  路况广播
  早安新闻
  晚安电台
  凤凰卫视广播
  儿童广播`);
const heldStations = lines(`经济广播
  城市之声
  浙江之声
  NHK
  CNN
  午间新闻
  科技新闻
  戏曲频道
  故事广播
  体育广播`);
const books = list(
  "三体 平凡的世界 活着 明朝那些事儿 西游记 三国演义 红楼梦 水浒传 哈利波特 小王子 盗墓笔记 鬼吹灯 围城 白鹿原 百年孤独 福尔摩斯 射雕英雄传 天龙八部 庆余年 人类简史 凯叔讲故事 海底两万里",
);
const heldBooks = list("骆驼祥子 边城 笑傲江湖 琅琊榜 流星蝴蝶剑 安徒生童话 时间简史 雪中悍刀行");
const shows = list(
  "故事FM 忽左忽右 随机波动 日谈公园 郭德纲相声 单田芳评书 罗辑思维 得意忘形 商业就是这样 声东击西 大内密谈 得到头条 睡前消息 百家讲坛 樊登读书 晓说 圆桌派 半拿铁 知行小酒馆 TED",
);
const heldShows = list("不合时宜 文化有限 黑水公园 岳云鹏相声 刘兰芳评书 无人知晓 硅谷早知道");

const train = {
  artist: artists,
  song: [...songs, ...songs, ...english],
  genre: genres,
  station: stations,
  book: books,
  show: shows,
  strange,
  latin,
  character,
  mood: list("温柔 安静 轻快 热闹 伤感 浪漫 带劲 经典 治愈 提神 欢快 舒缓"),
  album: list("专辑 演唱会 新专辑 第一张专辑"),
  frequency: [(random) => `${random.integer(87, 107)}.${random.integer(0, 9)}`],
  n: [(random) => String(random.integer(1, 300))],
};
const heldout = {
  ...train,
  artist: heldArtists,
  song: [...heldSongs, ...heldSongs, ...heldEnglish],
  genre: heldGenres,
  station: heldStations,
  book: heldBooks,
  show: heldShows,
  latin: heldLatin,
  mood: list("悠闲 燃 忧郁 复古 梦幻"),
  album: list("现场版 精选集"),
  frequency: [(random) => `${random.integer(64, 86)}.${random.integer(0, 9)}`],
};

const kinds = (inner) => [
  ...often(
    composed(
      [
        "{artist}的{song}",
        "{artist}的{song}",
        "{artist}的《{song}》",
        "{song}",
        "《{song}》",
        "{artist}唱的{song}",
        "{artist}版的{song}",
      ],
      inner,
    ),
    4,
  ),
  ...often(
    composed(
      ["{artist}的歌", "{artist}", "{artist}的新歌", "{artist}的老歌", "{artist}的{album}", "{artist}和{artist}的歌"],
      inner,
    ),
    2,
  ),
  ...often(composed(["{genre}", "{genre}", "{mood}的{genre}", "{mood}一点的歌"], inner), 3),
  ...often(
    composed(
      [
        "{strange}的{song}",
        "{strange}的{strange}",
        "{strange}乐队的{strange}",
        "{artist}的{strange}",
        "{strange}的歌",
        "《{strange}》",
        "{latin}的{strange}",
        "{latin}的{song}",
        "{latin} {latin}",
        "{character}{strange}",
      ],
      inner,
    ),
    5,
  ),
  composed(["{station}"], inner),
  composed(
    ["FM{frequency}", "FM {frequency}", "调频{frequency}", "{strange}电台", "{strange}广播", "{latin}电台"],
    inner,
  ),
  composed(["《{book}》", "{book}", "有声书{book}", "《{book}》有声书", "{book}第{n}章", "《{book}》第{n}集"], inner),
  composed(["{show}", "{show}最新一期", "播客{show}", "{show}第{n}期", "{strange}播客", "{latin}播客"], inner),
];

export const media = { train: kinds(train), heldout: kinds(heldout) };

/** Kinds of music alone, where the phrasing says 来点. */
const someKinds = (inner) => [
  composed(["{genre}", "{genre}", "{genre}", "{mood}的{genre}", "{artist}的歌", "{mood}的歌"], inner),
];
export const genre = { train: someKinds(train), heldout: someKinds(heldout) };

/** Songs, where the phrasing says 一首. */
const songKinds = (inner) => [
  ...often(composed(["{artist}的{song}", "{artist}的《{song}》", "{song}", "《{song}》"], inner), 3),
  ...often(
    composed(
      [
        "{strange}的{strange}",
        "{artist}的{strange}",
        "{latin}的{song}",
        "{strange}",
        "{latin}",
        "{strange}的《{strange}》",
        "{artist}的歌",
        "{mood}的歌",
      ],
      inner,
    ),
    3,
  ),
];
export const song = { train: songKinds(train), heldout: songKinds(heldout) };

/** Stations and podcasts, where the phrasing says 收听 or 调到. */
const stationKinds = (inner) => [
  composed(["{station}"], inner),
  composed(
    [
      "FM{frequency}",
      "FM {frequency}",
      "{frequency}",
      "调频{frequency}",
      "{strange}电台",
      "{strange}广播",
      "{strange}之声",
      "{latin}电台",
      "{latin} FM",
    ],
    inner,
  ),
];
export const station = { train: stationKinds(train), heldout: stationKinds(heldout) };
