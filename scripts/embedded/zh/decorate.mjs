// What people add around a request: a wake word, a filler, 请, 吧, thanks, a full stop. Works on the phrasing before
// its slots are filled, so that no span is touched; 吧 and 一下 are never put behind a message or a search.

const wake = {
  train: [
    "你好，",
    "嘿，",
    "喂，",
    "哎，",
    "小千，",
    "你好小千，",
    "小千小千，",
    "嗨，小千，",
    "嘿小千，",
    "助手，",
    "小助手，",
    "你好助手，",
    "喂，小千，",
  ],
  heldout: ["哈喽小千，", "小千同学，", "嘿助手，"],
};
const filler = {
  train: [
    "嗯，",
    "嗯",
    "那个，",
    "那个",
    "呃，",
    "呃",
    "哦，",
    "哦对了，",
    "对了，",
    "好，",
    "好的，",
    "好了，",
    "来，",
    "那",
    "那就",
    "就是，",
    "嗯嗯，",
    "额，",
    "诶，",
    "哎呀，",
    "不好意思，",
    "现在",
    "唉，",
    "这样，",
    "听着，",
  ],
  heldout: ["呃那个，", "喔，", "话说，", "欸，", "行，"],
};
const polite = {
  train: [
    "请",
    "请你",
    "麻烦你",
    "麻烦",
    "帮我",
    "请帮我",
    "麻烦帮我",
    "劳驾",
    "能不能",
    "可以",
    "你",
    "你帮我",
    "给我",
    "我想让你",
    "拜托",
    "现在",
    "赶紧",
    "马上",
    "快点",
    "先",
  ],
  heldout: ["有劳", "劳烦", "烦请", "立刻", "辛苦你"],
};
const particle = {
  train: ["吧", "吧", "吧", "呗", "啊", "嘛", "好吗", "好不好", "行吗", "可以吗"],
  heldout: ["好么", "成不", "啦"],
};
const thanks = {
  train: [
    "，谢谢",
    "，谢谢",
    "，谢谢你",
    "，谢谢啦",
    "，谢了",
    "，多谢",
    "，麻烦了",
    "，麻烦你了",
    "，拜托了",
    "，辛苦了",
    "，快点",
    "，快一点",
    "，现在就要",
    "，马上",
    " 谢谢",
    "，好吗",
    "，可以吗",
    "，行吗",
    "，好不好",
    "，唔该",
  ],
  heldout: ["，感谢", "，有劳了", "，拜托啦", "，要快", "，谢谢哈"],
};

/** Verbs that a plain order begins with; 请 and 帮我 may stand before them. */
const order =
  /^(打开|关闭|关掉|关上|关好|开启|开一|开|关|把|将|放|播|搜|查|导航|规划|设|调|切|换|取消|恢复|暂停|停|降|升|摇|显示|识别|看看|看一下|解释|告诉|发|转告|通知|提醒|回复|翻|收听|找|静音|启动|加热|带我|送我|给|跟|写|念|读|拍|讲|算|记)/;
/** 你好, 帮我 and the like stand there already. */
const asked = /^(请|麻烦|帮|劳|你|您|能|可以|我|咱|有|烦|拜托|替|想)/;
const ends = /([吗呢吧了啊呀么的]|怎么走|怎么去|[？?。！!])$/;
const question = /(吗|呢|怎么|什么|多少|几|哪|谁|为什么|有没有|能不能|是不是|够不够|好不好|怎么样|如何|啥)/;
/** Slots whose span would swallow what follows it. */
const open = /\{(text|question|query)\}$/;

export function decorate(random, say, which) {
  let said = say;
  let closed = ends.test(said);
  if (order.test(said) && !asked.test(said) && random.chance(0.14))
    said = random.pick(polite[which]) + unrepeated(said);
  if (random.chance(0.1)) said = random.pick(filler[which]) + said;
  if (random.chance(0.12)) said = random.pick(wake[which]) + said;
  if (order.test(say) && !closed && !open.test(say) && random.chance(0.12)) {
    said += random.pick(particle[which]);
    closed = true;
  } else if (random.chance(0.1)) {
    said += random.pick(thanks[which]);
    return random.chance(0.3) ? `${said}。` : said;
  }
  const mark = random.uniform();
  if (mark < 0.6) return said;
  if (open.test(say)) return `${said}。`;
  if (question.test(say)) return `${said}${mark < 0.9 ? "？" : "?"}`;
  return `${said}${mark < 0.92 ? "。" : "！"}`;
}

/** 给我 does not follow 帮我 twice. */
const unrepeated = (said) => said.replace(/^(帮我|给我)/, "");

/** Between two requests in one sentence. */
export const joiners = [
  "，",
  "，然后",
  "，再",
  "，顺便",
  "，同时",
  "，并且",
  "，接着",
  "，还有，",
  "，另外",
  "。",
  "，完了",
  "，也",
  " 然后",
  "，顺便帮我",
  "，然后帮我",
  "，再帮我",
];
