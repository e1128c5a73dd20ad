// Seats: on is level 2, off 0. 座椅 alone is the driver's.
import { lines } from "../compose.mjs";

/** What is said of one function, `{f}` standing for its name as a noun (加热, 通风, 按摩). */
const shared = {
  on: lines(`{seat}{f}
    {seat}打开{f}
    {seat}开{f}
    {seat}{f}打开
    {seat}的{f}打开
    打开{seat}{f}
    打开{seat}的{f}
    开{seat}{f}
    开一下{seat}{f}
    开启{seat}{f}
    开启{seat}的{f}
    启动{seat}{f}
    把{seat}{f}打开
    把{seat}的{f}打开
    把{seat}的{f}开了
    给{seat}开{f}
    给{seat}打开{f}
    帮我打开{seat}{f}
    帮我开{seat}{f}
    帮我把{seat}{f}打开
    请打开{seat}{f}
    请打开{seat}的{f}
    麻烦开一下{seat}{f}
    麻烦打开{seat}的{f}
    我要开{seat}{f}
    我想开{seat}{f}
    能打开{seat}{f}吗
    能开一下{seat}{f}吗
    打开{seat}的{f}功能
    打开{seat}{f}功能
    开启{seat}{f}功能
    把{seat}的{f}功能打开
    {seat}来点{f}
    {seat}要{f}
    让{seat}{f}
    给{seat}来个{f}
    坐久了，打开{seat}{f}
    等会儿出发，先开{seat}{f}
    可以打开{seat}的{f}吗`),
  off: lines(`关闭{seat}{f}
    关闭{seat}的{f}
    关掉{seat}{f}
    关掉{seat}的{f}
    关{seat}{f}
    关一下{seat}{f}
    停止{seat}{f}
    取消{seat}{f}
    {seat}{f}关了
    {seat}{f}关掉
    {seat}{f}关闭
    {seat}的{f}关掉
    {seat}不要{f}了
    {seat}不用{f}了
    {seat}{f}调到0
    {seat}{f}调到零档
    把{seat}{f}关了
    把{seat}{f}关掉
    把{seat}的{f}关掉
    把{seat}的{f}关了
    帮我关掉{seat}{f}
    帮我把{seat}{f}关了
    请关闭{seat}{f}
    请关闭{seat}的{f}
    麻烦关一下{seat}{f}
    不要{seat}{f}
    不要{seat}{f}了
    能关掉{seat}{f}吗
    关闭{seat}{f}功能
    关掉{seat}的{f}功能
    把{seat}的{f}功能关了
    停掉{seat}{f}
    把{seat}{f}停了
    {seat}{f}可以关了
    够了，关{seat}{f}
    可以关{seat}的{f}吗`),
  level: lines(`{seat}{f}{level}
    {seat}{f}，{level}
    {seat}{f}开{level}
    {seat}{f}开到{level}
    {seat}{f}调到{level}
    {seat}{f}调成{level}
    {seat}{f}设为{level}
    {seat}{f}设到{level}
    {seat}{f}加到{level}
    {seat}{f}降到{level}
    {seat}的{f}开到{level}
    {seat}的{f}调到{level}
    {seat}的{f}设成{level}
    打开{seat}{f}，{level}
    打开{seat}{f}到{level}
    打开{seat}的{f}，{level}
    打开{seat}的{f}，调到{level}
    开{seat}{f}{level}
    开{seat}{f}，{level}
    把{seat}{f}开到{level}
    把{seat}{f}调到{level}
    把{seat}{f}设为{level}
    把{seat}{f}调成{level}
    把{seat}的{f}开到{level}
    把{seat}的{f}调到{level}
    把{seat}的{f}设为{level}
    把{seat}的{f}改成{level}
    给{seat}开{f}，{level}
    帮我把{seat}{f}调到{level}
    帮我把{seat}{f}开到{level}
    请把{seat}{f}调到{level}
    请把{seat}的{f}设为{level}
    麻烦把{seat}{f}调到{level}
    能把{seat}{f}调到{level}吗
    {seat}{f}来个{level}
    {seat}{f}给{level}
    {seat}的{f}要{level}
    {seat}{f}换成{level}
    {seat}{f}升到{level}
    {seat}开{level}的{f}
    给{seat}开{level}{f}
    {seat}要{level}{f}
    {seat}{level}{f}
    可以把{seat}的{f}开到{level}吗`),
};

const heldShared = {
  on: ["{seat}给我开{f}", "把{seat}{f}开开", "将{seat}{f}开启", "麻烦给{seat}来个{f}"],
  off: ["{seat}{f}给我关了", "将{seat}{f}关闭", "把{seat}{f}停掉", "{seat}别{f}了"],
  level: ["{seat}{f}给我{level}", "将{seat}{f}调至{level}", "麻烦{seat}{f}打到{level}", "{seat}的{f}定在{level}"],
};

const said = (says, name) => says.map((say) => say.replaceAll("{f}", name));

const group = (phrasings, name, function_) => [
  { say: said(phrasings.on, name), call: { seat: "{seat}", function: function_, level: 2 } },
  { say: said(phrasings.off, name), call: { seat: "{seat}", function: function_, level: 0 } },
  { say: said(phrasings.level, name), call: { seat: "{seat}", function: function_, level: "{level}" } },
];

const driver = (function_, level, text) => ({ say: lines(text), call: { seat: "driver", function: function_, level } });

export const set_seat = {
  train: [
    ...group(shared, "加热", "heating"),
    ...group(shared, "通风", "ventilation"),
    ...group(shared, "按摩", "massage"),
    driver(
      "heating",
      2,
      `座椅太凉了
      座椅好凉
      座位好冷
      座椅冰屁股
      屁股好冷
      屁股冷
      屁股凉
      我屁股冷
      坐垫好凉
      坐垫冰凉的
      坐着好冷，加热座椅
      加热座椅
      加热我的座椅
      加热一下座椅
      把座椅加热
      把座椅加热一下
      把座椅热一下
      把座椅弄暖和点
      把我的座位弄热
      暖一下座椅
      座椅热一下
      座椅热起来
      给座椅加热
      给我的座椅加热
      给座椅加加热
      给我座椅加个热
      座位热一下
      让座椅暖和起来
      我要座椅加热
      我想要座椅加热
      我想让座椅热起来
      坐垫加热
      打开坐垫加热
      开座椅加热
      屁股冷，开座椅加热
      冬天座椅太冷，开加热
      皮座椅冰死了，加热一下
      我座位太冷了
      暖屁股`,
    ),
    driver(
      "ventilation",
      2,
      `座椅太热了
      座椅好热
      座椅好闷
      座位好热
      屁股好热
      屁股出汗了
      后背出汗了
      后背都湿了
      背上全是汗
      我后背好热
      坐得屁股发烫
      坐垫好热
      坐垫太闷
      座椅不透气
      座椅烫屁股
      座椅吹风
      座椅吹吹风
      给座椅吹风
      给座椅通风
      给我的座椅通通风
      座椅透气
      座椅凉一下
      座椅降温
      给座椅降温
      把座椅吹凉
      把座椅弄凉快点
      让座椅凉快点
      冷却座椅
      座椅制冷
      座椅通通风
      我要座椅通风
      我想要座椅通风
      坐垫通风
      打开坐垫通风
      屁股热，开座椅通风
      后背热，打开通风座椅
      皮座椅太热了，开通风`,
    ),
    driver(
      "massage",
      2,
      `我腰疼
      腰疼
      腰好酸
      我腰酸
      腰酸背痛
      背疼
      我背疼
      我背好痛
      背好酸
      后背好酸
      我的背很痛
      腰疼，按摩一下
      腰酸，开按摩
      背疼，给我按摩
      背疼，来个按摩
      背痛，帮我按按
      按摩
      按摩一下
      按摩背
      按按腰
      按按背
      开按摩
      打开按摩
      开启按摩
      启动按摩
      把按摩打开
      来个按摩
      来点按摩
      给我按摩
      给我按摩一下
      给我按按背
      给我按一下腰
      给我背部按摩
      帮我按摩
      帮我按按背
      帮我捶捶背
      我要按摩
      我想按摩
      我想按摩一下背
      坐久了，按摩一下
      开车开累了，按摩一下
      腰不舒服，按摩
      腰部按摩
      背部按摩
      开了一天车，腰好痛，按摩一下
      给我捏捏背
      揉揉背
      能按摩一下吗
      可以给我按摩吗`,
    ),
    driver(
      "heating",
      0,
      "座椅太烫了，关掉加热\n关掉加热座椅\n座椅不用加热了\n座椅别加热了\n不用给座椅加热了\n屁股烫，把座椅加热关了\n坐垫加热关了\n别烤我屁股了，关座椅加热",
    ),
    driver(
      "ventilation",
      0,
      "座椅别吹了\n座椅不用吹风了\n座椅别通风了\n坐垫通风关了\n后背凉，把座椅通风关了\n座椅不要吹风",
    ),
    driver(
      "massage",
      0,
      `关闭按摩
      关掉按摩
      关按摩
      停止按摩
      按摩停了
      按摩停一下
      按摩关了
      别按了
      别按摩了
      不要按了
      不要按摩了
      不用按摩了
      不按了
      把按摩关了
      把按摩停掉
      按疼了，停止按摩
      按摩够了
      按得我疼，停下
      可以了，不用按了`,
    ),
    driver(
      "massage",
      3,
      "用力按摩\n大力按摩\n按摩开到最大\n按摩最强\n按摩开最强\n按摩调到最大\n按摩高档\n用最大力给我按摩\n按摩开满\n按摩力度最大",
    ),
    driver(
      "massage",
      1,
      "轻轻按摩\n按摩轻一点，低档\n按摩低档\n按摩开到最小\n按摩最弱\n按摩最轻\n轻柔按摩\n按摩力度最小\n按摩开低档",
    ),
    {
      say: [
        "按摩{level}",
        "按摩开到{level}",
        "按摩调到{level}",
        "打开按摩，{level}",
        "把按摩调到{level}",
        "给我按摩，{level}",
        "腰疼，按摩开{level}",
      ],
      call: { seat: "driver", function: "massage", level: "{level}" },
    },
    {
      say: lines(`副驾屁股冷
        副驾座椅太凉了
        给副驾的座椅加热
        给副驾座椅加热一下
        加热副驾座椅
        把副驾座椅热一下
        给我老婆的副驾座椅加热
        副驾的朋友觉得座椅凉，加热一下
        副驾加热座椅`),
      call: { seat: "passenger", function: "heating", level: 2 },
    },
    {
      say: [
        "给副驾座椅通通风",
        "给副驾座椅吹吹风",
        "副驾座椅太热了",
        "副驾座椅好闷",
        "副驾后背出汗了",
        "把副驾座椅吹凉",
      ],
      call: { seat: "passenger", function: "ventilation", level: 2 },
    },
    {
      say: ["给副驾按摩一下", "给副驾按按背", "副驾腰疼", "副驾背疼，按摩一下", "让副驾也按摩一下", "副驾也来个按摩"],
      call: { seat: "passenger", function: "massage", level: 2 },
    },
    {
      say: [
        "加热左后座椅",
        "给左后座椅加热",
        "把左后座位热一下",
        "左后座椅太凉了",
        "给左后边的人加热座椅",
        "加热后排左边的座椅",
      ],
      call: { seat: "rear_left", function: "heating", level: 2 },
    },
    {
      say: [
        "加热右后座椅",
        "给右后座椅加热",
        "把右后座位热一下",
        "右后座椅太凉了",
        "给右后边的人加热座椅",
        "加热后排右边的座椅",
      ],
      call: { seat: "rear_right", function: "heating", level: 2 },
    },
    {
      say: ["给左后座椅通通风", "左后座椅太热了", "给左后座吹吹风"],
      call: { seat: "rear_left", function: "ventilation", level: 2 },
    },
    {
      say: ["给右后座椅通通风", "右后座椅太热了", "给右后座吹吹风"],
      call: { seat: "rear_right", function: "ventilation", level: 2 },
    },
    {
      say: ["给左后座按摩一下", "左后的人腰疼，按摩一下", "左后座来个按摩"],
      call: { seat: "rear_left", function: "massage", level: 2 },
    },
    {
      say: ["给右后座按摩一下", "右后的人腰疼，按摩一下", "右后座来个按摩"],
      call: { seat: "rear_right", function: "massage", level: 2 },
    },
  ],
  heldout: [
    ...group(heldShared, "加热", "heating"),
    ...group(heldShared, "通风", "ventilation"),
    ...group(heldShared, "按摩", "massage"),
    driver("heating", 2, "座椅冻得慌\n屁股底下冰凉\n给我把座垫热一热\n我这座位凉得很"),
    driver("ventilation", 2, "座椅捂得慌\n后背湿透了，吹吹座椅\n屁股底下闷得很"),
    driver("massage", 2, "腰酸得很，帮忙按一按\n背上好痛，按摩吧\n肩背僵了，来段按摩"),
    driver("massage", 0, "好了别再按了\n按摩给我停掉\n可以停止按摩了"),
  ],
};
