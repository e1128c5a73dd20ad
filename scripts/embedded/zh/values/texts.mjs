// Messages: patterns with inner lists (times, places, things, people), as said, without the punctuation that ends
// them. A final 了, 吗 or 呢 belongs to a message; 吧, 啊 and thanks do not end one here.
import { composed, lines, list, often } from "../compose.mjs";
import { character, latin, strange } from "./invented.mjs";
import { person } from "./people.mjs";
import { destination } from "./places.mjs";

const patterns = lines(`我晚{wait}到
  我要迟到{wait}
  我可能会晚到{wait}
  我还有{wait}就到
  我大概{wait}后到
  我{time}到
  我{time}到{place}
  我到了
  我已经到{place}了
  我在{place}等你
  我在{place}
  我刚下飞机
  我刚出门
  我在路上了
  我马上到
  我快到了
  我到家了
  我下班了
  我今晚加班
  我今晚不回来吃饭了
  我{time}不在家
  我{time}回来
  我{time}有空
  我{time}没空
  我{time}来接你
  你{time}来接我
  你{time}有空吗
  你到哪了
  你在哪里
  你在忙吗
  你吃饭了吗
  你想吃什么
  你什么时候下班
  你什么时候到
  你到{place}了吗
  你能帮我买{thing}吗
  你能帮我带{thing}吗
  别忘了带{thing}
  别忘了买{thing}
  别忘了{todo}
  记得{todo}
  记得带{thing}
  回来的时候买{thing}
  帮我{todo}
  帮我买{thing}
  帮我带{thing}回来
  帮我问问{person}{time}来不来
  {thing}到了
  {thing}我收到了
  {thing}我放在{spot}了
  {thing}在{spot}
  {thing}忘在{spot}了
  {thing}卖完了
  {thing}坏了
  {thing}多少钱
  {thing}我买好了
  {thing}不要买了
  家里没有{thing}了
  {time}一起吃饭
  {time}一起去{place}
  {time}去{place}吗
  {time}在{place}见
  我们{time}在{place}见面
  我们{time}出发
  会议改到{time}了
  会议推迟{wait}
  会议取消了
  会议在{place}开
  {time}的会我参加不了
  {time}开会
  {time}的课取消了
  文件已经发给{person}了
  合同已经签好了
  报告{time}给你
  报价单发我一份
  请{time}前把{doc}发给我
  {doc}我看过了没问题
  {doc}还差一点
  {doc}改好了
  麻烦把{doc}发给{person}
  把{doc}打印两份
  {person}{time}过来
  {person}让你回个电话
  {person}生病了
  {person}找你有事
  {person}的生日是{time}
  和{person}说好了{time}见
  替我谢谢{person}
  路上堵车
  路上堵车，我晚{wait}
  堵在{place}了
  车停在{spot}了
  车没电了，我晚点到
  航班延误{wait}
  我的航班{time}起飞
  火车晚点{wait}
  我坐{time}的高铁
  下雨了，记得收衣服
  下雨了，带把伞
  外面冷，多穿点
  天气热，多喝水
  生日快乐
  祝你生日快乐
  新年快乐
  中秋快乐
  圣诞快乐
  恭喜你
  恭喜你升职了
  一路平安
  晚安
  早安
  我想你了
  我爱你
  对不起，我错了
  对不起，我忘了{todo}
  不好意思，刚才在开会
  不好意思，我要晚{wait}
  谢谢你的{thing}
  谢谢你帮我{todo}
  辛苦你了
  没关系
  没问题
  好的，收到
  知道了
  我同意
  我考虑考虑
  我{time}给你答复
  我{time}给你打电话
  我现在在开车，到了再说
  我在开车，一会儿回你
  我身体不舒服，{time}请假
  我感冒了，{time}不去了
  孩子发烧了，我先去医院
  孩子已经接到了
  孩子{time}放学
  孩子作业写完了吗
  你妈{time}到
  晚饭吃{dish}
  晚饭做好了
  晚上想吃{dish}
  给我留点{dish}
  点了一份{dish}
  {dish}很好吃
  门口的快递拿进来
  快递放{spot}
  快递单号是{digits}
  房间号是{digits}
  门的密码是{digits}
  我的车牌是{letter}{digits}
  地址是{place}
  在{place}下车
  在{place}集合
  走到{place}右转
  钱已经转给你了
  我转了{money}给你
  一共{money}
  你欠我{money}
  押金{money}
  {thing}要{money}
  电影票买好了，{time}的
  电影{time}开始
  饭店订好了，{time}，{count}个人
  我订了{place}
  我们一共{count}个人
  给我留{count}个位子
  需要{count}份{thing}
  {count}箱{thing}已经发货
  样品{time}寄出
  客户对{doc}很满意
  客户要求改{doc}
  项目{time}上线
  服务器出问题了
  {latin}的报价太高了
  {latin}那边回复了
  {strange}的货到了
  {strange}公司的{doc}在我这
  新店叫{strange}{shop}
  今天会晚一点，你先{todo}
  你先吃，不用等我
  不用等我了
  你们先走，我随后到
  我先走了
  我{time}才能走
  我这边还要{wait}
  还有{wait}开始
  等我{wait}
  再等{wait}
  我在排队，还要{wait}
  电梯坏了，走楼梯上来
  手机快没电了
  刚才没听到电话
  刚才在地铁里没信号
  我的电话打不通就打{digits}
  打我另一个号码{digits}
  群号是{digits}
  取件码是{digits}
  订单号{digits}
  座位在{letter_row}排{count}座
  车次是{train_no}
  我坐{train_no}
  我在{train_no}上
  {train_no}晚点{wait}
  {thing}我忘带了
  {thing}你拿走了吗
  {thing}谁拿了
  {thing}放哪了
  {thing}借我用一下午
  {thing}在打折
  {thing}帮你买到了
  {thing}要什么颜色的
  {thing}要不要
  {thing}和{thing2}都买了
  要{count}个{thing}
  别买{thing}
  再买点{thing}
  顺便带{thing}
  我把{thing}弄丢了
  我把{thing}寄给你了
  {thing}寄到{place}
  {doc}发我邮箱
  {doc}我签好了
  {doc}{time}交
  {doc}的第{count}页有问题
  {doc}放{spot}
  {doc}按{person}说的改
  {doc}已经交给{person}
  {person}同意了
  {person}不同意
  {person}升职了
  {person}要结婚了
  {person}{time}结婚
  {person}辞职了
  {person}请假到{time}
  {person}在{place}等你
  {person}说{time}来不了
  {person}已经到{place}了
  {person}的电话是{digits}
  {person}会去接你
  叫上{person}
  别告诉{person}
  让{person}{time}来一趟
  让{person}把{doc}带上
  我和{person}在一起
  我和{person}在{place}
  我和{person}先去{place}了
  {time}{place}见
  {time}记得{todo}
  {time}去{todo}
  {todo}了吗
  我忘了{todo}
  我去{todo}了
  你去{todo}
  该{todo}了
  下班顺便{todo}
  {dish}凉了
  {dish}太辣了
  {dish}做咸了
  {dish}给你留着
  冰箱里有{dish}
  我点了{dish}和{dish2}
  今天吃{dish}还是{dish2}
  你要{dish}还是{dish2}
  晚上聚餐，吃{dish}
  {place}人太多了
  {place}关门了
  {place}没开
  {place}的停车场满了
  {place}堵死了
  {place}下大雨了
  {place}怎么样
  {place}好美
  我刚过{place}
  我刚到{place}门口
  我经过{place}
  我要去{place}一趟
  我从{place}出发
  下一站是{place}
  在{place}接我
  来{place}接我
  送我去{place}
  到{place}叫我
  周末想去{place}玩
  {strange}那家店倒闭了
  {strange}的老板姓{character}
  我的新昵称是{strange}
  小区改名叫{strange}花园
  {latin}的会推迟了
  {latin}的deadline是{time}
  PPT发我
  {latin}的demo过了
  今天开早会
  今天不开会
  例会改线上了
  会议链接发群里了
  会议室在{spot}
  面试官是{person}
  {time}有个面试
  {time}考试
  {time}体检，别吃早饭
  {time}打疫苗
  药已经吃了
  医生说没事
  医生说要住院
  手术很顺利
  我爸血压有点高
  宝宝会走路了
  孩子在{place}
  孩子放学了
  老师让你{time}来学校
  老师说要带{thing}
  作业是第{count}页
  家长会{time}开
  学费已经交了
  房租{time}交
  房租涨到{money}了
  定金付了{money}
  尾款{money}
  工资到账了
  奖金有{money}
  这个月花了{money}
  帮我垫{money}
  AA每人{money}
  借我{money}
  {money}收到了
  快递费{money}
  油加了{money}
  车修好了
  车在{place}
  车钥匙在{spot}
  车停在{place}了
  车位号是{digits}
  车限行，我坐地铁
  下雪了，慢点开
  起雾了，路上小心
  路上小心
  到了报个平安
  别着急，慢慢来
  注意安全
  多穿衣服
  早点睡
  早点回家
  少喝点酒
  别生气了
  你真好
  周末愉快
  一切顺利
  新婚快乐
  乔迁之喜
  恭喜发财
  端午安康
  母亲节快乐
  毕业快乐
  旅途愉快
  考得怎么样
  飞机几点到
  几点下课
  谁在家
  钥匙带了吗
  灯关了吗
  吃药了吗
  到公司了吗
  睡了吗
  你猜我在哪
  你看新闻了吗
  你那里下雨了吗
  我在看{strange}的演出
  {strange}队赢了
  比赛赢了
  我们输了
  票抢到了，{count}张
  没抢到票
  酒店订在{place}旁边
  行李超重了
  护照办好了
  签证过了
  我到{place}机场了
  落地给你发消息
  那个字念{character}
  网名叫{strange}{character}`);
const heldPatterns = lines(`我估计{time}才能到
  我还没出发
  我在{place}门口等着
  今天我来做{dish}
  {thing}落在{spot}了
  顺路捎{thing}上来
  你那边还有{thing}吗
  {time}有人送{thing}来
  面试安排在{time}
  培训改成{time}了
  {doc}审批通过了
  {doc}里有个错字
  抽空看看{doc}
  {person}已经出院了
  {person}那里我去说
  有空叫上{person}聚聚
  飞机落地了
  地铁坏了，要晚{wait}
  爆胎了，我在等拖车
  停车费{money}
  发票抬头写{strange}{shop}
  红包收到了
  考试加油
  节日快乐
  祝你早日康复
  保重身体
  抱歉，来不了了
  实在走不开，改天再约
  钥匙给{person}了
  验证码是{digits}
  我得去趟{place}，晚饭别等
  {thing}让{person}捎给你
  {person}改签到{time}了
  {time}彩排，别迟到
  {dish}的外卖放{spot}
  钱我{time}还你
  一共欠你{money}
  新地址是{place}
  名额只剩{count}个
  {doc}要盖公章
  {strange}的样品寄丢了
  快递被退回了
  换乘错过了，坐下一班
  雨停了就出发
  我换号码了
  宝宝睡着了，小声点
  给{count}个客人准备{dish}
  我们改去{place}了
  在{place}多等我{wait}
  {latin}的合同谈成了`);

const things =
  list(`牛奶 面包 鸡蛋 酱油 醋 盐 大米 面粉 西瓜 苹果 香蕉 橙子 葡萄 草莓 蔬菜 豆腐 牛肉 鱼 虾 饺子皮 啤酒 矿泉水 可乐 咖啡 茶叶 蛋糕 酸奶 纸巾 洗衣液
  牙膏 洗发水 电池 灯泡 充电器 充电线 耳机 雨伞 钥匙 钱包 身份证 护照 眼镜 外套 围巾 帽子 手套 鞋 袜子 书包 作业本 铅笔 橡皮 尿布 奶粉 奶瓶 药 感冒药 创可贴
  口罩 体温计 猫粮 快递 包裹 礼物 鲜花 玫瑰 贺卡 电脑 平板 相机 三脚架 行李箱 毛巾 浴巾 被子 枕头 窗帘 螺丝刀 锤子 胶带 剪刀 车票 门票 发票 图纸 样品 剧本 吉他 篮球 泳衣
  帐篷 睡袋 榴莲 柠檬 蜂蜜 辣椒酱 火锅底料 螺蛳粉 凤梨酥 月饼 粽子 汤圆 腊肠 海鲜 螃蟹 烤鸭 鸭脖 奶茶`);
const heldThings = list(
  "花生酱 芝麻油 桃子 樱桃 蘑菇 羊排 燕麦 橄榄油 沐浴露 护手霜 移动硬盘 遮阳帽 拖鞋 绷带 退烧贴 隐形眼镜 扳手 台灯 水彩笔 羽毛球拍 腊肉 青团 酸梅汤",
);
const dishes =
  list(`红烧肉 番茄炒蛋 麻婆豆腐 鱼香肉丝 宫保鸡丁 酸菜鱼 水煮牛肉 清蒸鲈鱼 糖醋排骨 可乐鸡翅 饺子 馄饨 面条 炸酱面 牛肉面 米线 火锅 烧烤 披萨 汉堡 寿司 拉面 咖喱饭 沙拉 三明治
  炒饭 炒河粉 煲仔饭 叉烧 肠粉 皮蛋瘦肉粥 小笼包 生煎 臭豆腐 口水鸡 羊肉泡馍 凉皮 过桥米线 卤肉饭 蚵仔煎 珍珠奶茶 冬瓜汤 排骨汤 鸡汤 酸辣粉 大盘鸡 烤羊肉`);
const heldDishes = list(
  "地三鲜 回锅肉 梅菜扣肉 葱油拌面 辣子鸡 蒸蛋 煎牛排 意大利面 石锅拌饭 冬阴功汤 佛跳墙 羊蝎子 豆花",
);
const todos =
  list(`收衣服 关灯 关煤气 锁门 倒垃圾 浇花 喂猫 遛狗 接孩子 交电费 交水费 交房租 取快递 寄快递 取钱 还书 买菜 做饭 洗碗 拖地 打印合同 改方案 订位子 订会议室 签字 盖章
  报销 打卡 请假 充电 加油 洗车 年检 体检 打疫苗 吃药 量血压 换药 缴费 退货 换零钱 改密码 发邮件 备份文件 开会 写周报 叫醒爸爸 看看锅里的汤`);
const heldTodos = list(
  "晒被子 擦窗户 换床单 给手机充电 复印身份证 预约挂号 买保险 修水管 催一催客户 熨衬衫 拿干洗的衣服 约牙医",
);
const docs = list(
  `合同 报告 方案 周报 月报 报价单 发票 简历 设计稿 图纸 会议纪要 预算表 名单 照片 PPT 说明书 标书 日程表 测试结果 邀请函 采购单 成绩单 论文 剧本 视频 病历 行程单 协议`,
);
const heldDocs = list("提案 报表 证明 初稿 申请书 招聘启事 样书 海报 清单 授权书");
const spots = list(
  `门口 桌上 冰箱里 车里 前台 门卫那里 办公室 抽屉里 沙发上 阳台 书架上 鞋柜上 后备箱 楼下 菜鸟驿站 丰巢柜 地下二层 B2 负一楼 三楼 电梯口 厨房 玄关 保安室 储物柜里`,
);
const heldSpots = list("床头柜上 洗手台上 窗台上 副驾上 信箱里 值班室 茶几下面 四号库 收银台");

const hour = ["一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
const train = {
  thing: things,
  dish: dishes,
  todo: todos,
  doc: docs,
  spot: spots,
  person: person.train,
  place: destination.train,
  wait: [
    (random) => `${random.pick([5, 8, 10, 15, 20, 25, 30, 40, 45, 50])}分钟`,
    ...list("五分钟 十分钟 十几分钟 二十分钟 半小时 一刻钟 三刻钟 一个小时 一个半小时 两个小时 三分钟 几分钟 半天"),
  ],
  day: list(
    "今天 明天 后天 今晚 明晚 周一 周二 周三 周四 周五 周六 周日 下周一 下周三 下周五 这周末 礼拜天 下个月 三号 五号 十六号",
  ),
  part: list("早上 上午 中午 下午 傍晚 晚上"),
  time: [
    "{day}",
    "{day}{part}",
    "{part}{clock}",
    "{day}{clock}",
    "{clock}",
    "{day}{part}{clock}",
    "待会儿",
    "一会儿",
    "周末",
    "月底",
  ],
  clock: [
    (random) => `${random.pick(hour)}点`,
    (random) => `${random.pick(hour)}点半`,
    (random) => `${random.pick(hour)}点${random.pick(["十分", "一刻", "二十", "四十"])}`,
    (random) => `${random.integer(1, 23)}点`,
    (random) => `${random.integer(1, 23)}:${random.pick(["00", "05", "10", "15", "20", "30", "40", "45"])}`,
  ],
  digits: [(random) => String(random.integer(100, 9999)), (random) => String(random.integer(10000, 999999))],
  letter: list("京A 沪B 粤B 浙A 苏E 川A 鄂A 陕A 湘A 鲁B 闽D 桂C"),
  money: [
    (random) => `${random.integer(1, 999)}块`,
    (random) => `${random.integer(10, 9999)}元`,
    ...list("五十块 一百块 两百块 三千块 一万块 八百"),
  ],
  count: list("两 三 四 五 六 八 十 十二"),
  thing2: things,
  dish2: dishes,
  letter_row: [(random) => String(random.integer(1, 40))],
  train_no: [(random) => `${random.pick(["G", "D", "K", "C"])}${random.integer(1, 9999)}`],
  shop: list("面馆 书店 咖啡 贸易 科技 文化 建材 食品 服饰 花店"),
  character,
  strange,
  latin,
};
const heldout = {
  ...train,
  thing: heldThings,
  dish: heldDishes,
  todo: heldTodos,
  doc: heldDocs,
  spot: heldSpots,
  person: person.heldout,
  place: destination.heldout,
  shop: list("传媒 物流 器材 餐饮"),
};

const two = "{first}，{second}";
const pairs = (from, inner) =>
  composed([two], {
    ...inner,
    first: from.filter((p) => !p.includes("，")),
    second: from.filter((p) => !p.includes("，")),
  });

const asks = /吗|什么|哪|谁|多少|几点|怎么样|还是/;
const told = (from) => from.filter((pattern) => !asks.test(pattern));
const recalled = (from) =>
  from.filter(
    (pattern) =>
      /^(记得|别忘|\{time\}|该|你先|早点|带|多穿|到了|下班|回来|开车|外面|下雨|下雪|路上)/.test(pattern) &&
      !asks.test(pattern),
  );

/** A message that asks nothing, after 通知 and 转告. */
export const statement = { train: [composed(told(patterns), train)], heldout: [composed(told(heldPatterns), heldout)] };

/** Something to remember, after 提醒. */
export const reminder = {
  train: [composed(recalled(patterns), train)],
  heldout: [composed(lines("去{place}前先{todo}\n千万别忘了{thing}\n出门要{todo}\n{doc}得盖公章\n快{todo}"), heldout)],
};

export const text = {
  train: [...often(composed(patterns, train), 5), pairs(patterns, train)],
  heldout: [...often(composed(heldPatterns, heldout), 5), pairs(heldPatterns, heldout)],
};
export const inner = { train, heldout };
