// What people add around a request: a wake word, a filler, a word on the situation, 请, 吧, thanks, a full stop; and
// the commas that speech recognition leaves out. Works on the phrasing before its slots are filled, so that no span
// is touched; nothing is put behind a message or a search without a comma.
import { lines } from "./compose.mjs";

const wake = {
  train: lines(
    "你好，\n嘿，\n喂，\n哎，\n小千，\n你好小千，\n小千小千，\n嗨，小千，\n嘿小千，\n助手，\n小助手，\n你好助手，\n喂，小千，\n小千你好，\n哈喽，",
  ),
  heldout: lines("哈喽小千，\n小千同学，\n嘿助手，"),
};
const filler = {
  train: lines(
    "嗯，\n嗯\n那个，\n那个\n呃，\n呃\n哦，\n哦对了，\n对了，\n好，\n好的，\n好了，\n来，\n那\n就是，\n嗯嗯，\n额，\n诶，\n哎呀，\n不好意思，\n唉，\n这样，\n听着，\n还有，\n先这样，\n我想想，",
  ),
  heldout: lines("呃那个，\n喔，\n话说，\n欸，\n行，"),
};
/** Words on the situation, from which no other call follows. */
const situation = {
  train: lines(`今天好累，
    刚下班，
    我在开车，
    我手上没空，
    我手不方便，
    我戴着手套，
    路上有点无聊，
    天快黑了，
    天亮了，
    时间差不多了，
    时间还早，
    我有点急，
    我赶时间，
    来不及了，
    我跟你说，
    我有个事，
    有件事，
    帮个忙，
    帮我个忙，
    差点忘了，
    突然想起来，
    我刚想起来，
    等红灯呢，
    趁红灯，
    孩子在后面，
    老婆在旁边，
    跟朋友一起呢，
    带着爸妈出来玩，
    周末了，
    放假了，
    终于下班了，
    早上起晚了，
    刚吃完饭，
    刚上车，
    刚出门，
    刚从超市出来，
    我在店里，
    我在街上，
    我在地铁里，
    我在机场，
    我在外面，
    我看不清屏幕，
    我不会弄这个，
    我不知道怎么弄，
    算了，
    不对，
    不是这个，
    出太阳了，
    前面堵住了，
    车停好了，
    马上出发了，
    准备走了，
    我们上路了。
    今天真是忙死了。
    你听我说。
    我有件事要你办。`),
  heldout: lines(`忙了一天，
    我腾不出手，
    我正开着车呢，
    快迟到了，
    朋友在车上，
    上完班了，
    刚逛完街，
    我想了一下，`),
};
const after = {
  train: lines(
    "，我赶时间\n，快点\n，快一点\n，现在就要\n，马上\n，越快越好\n，来不及了\n，我手上没空\n，我在开车\n，就现在\n，就这样\n，拜托拜托\n，别弄错了\n，我等着呢",
  ),
  heldout: lines("，要快\n，我腾不出手\n，立刻就要"),
};
const polite = {
  train: lines(
    "请\n请你\n麻烦你\n麻烦\n帮我\n请帮我\n麻烦帮我\n劳驾\n能不能\n你\n你帮我\n给我\n我想让你\n拜托\n现在\n赶紧\n马上\n快点\n先",
  ),
  heldout: lines("有劳\n劳烦\n烦请\n立刻\n辛苦你"),
};
const particle = {
  train: lines("吧\n吧\n吧\n呗\n啊\n嘛\n好吗\n好不好\n行吗\n可以吗"),
  heldout: lines("好么\n成不\n啦"),
};
const thanks = {
  train: lines(
    "，谢谢\n，谢谢\n，谢谢你\n，谢谢啦\n，谢了\n，多谢\n，麻烦了\n，麻烦你了\n，拜托了\n，辛苦了\n，唔该\n，谢谢您\n，感恩\n，thank you\n，thanks",
  ),
  heldout: lines("，感谢\n，有劳了\n，拜托啦\n，谢谢哈"),
};
const tag = { train: lines("，好吗\n，可以吗\n，行吗\n，好不好\n，行不行"), heldout: lines("，好么\n，成吗") };

/** Verbs that a plain order begins with; 请 and 帮我 may stand before them. */
const order =
  /^(打开|关闭|关掉|关上|关好|开启|开一|开(?![车着了久会完])|关|把|将|放(?!了)|播|搜|查|导航|规划|设|调|切|换|取消|恢复|暂停|停|降|升(?!温)|摇|显示(?=附近|\{|充电[桩站]|电量|续航|字幕)|识别|看看|看一下|解释|告诉|发(?!现)|转告|通知|提醒|回复|翻|收听|找|静音|启动|加热|带我|送我|给|跟|写|念|读|拍|讲|算(?!了)|记)/;
/** 你好, 帮我 and the like stand there already. */
const asked = /^(请|麻烦|帮|劳|你|您|能|可以|我|咱|有|烦|拜托|替|想)/;
const ends = /([吗呢吧了啊呀么的]|怎么走|怎么去|[？?。！!])$/;
const question = /(吗|呢|怎么|什么|多少|几|哪|谁|为什么|有没有|能不能|是不是|够不够|好不好|怎么样|如何|啥)/;
/** Slots whose span would swallow what follows it. */
const open = /\{(text|statement|reminder|question|query)\}$/;

export function decorate(random, say, which) {
  const isOrder = order.test(say);
  let said = unpunctuated(random, say);
  let closed = ends.test(said);
  if (isOrder && !asked.test(said) && random.chance(0.14)) said = asking(random.pick(polite[which]), said);
  if (isOrder && random.chance(0.06)) said = random.pick(situation[which]) + said;
  else if (random.chance(0.09)) said = random.pick(filler[which]) + said;
  if (random.chance(0.12)) said = random.pick(wake[which]) + said;
  if (isOrder && !closed && !open.test(say) && random.chance(0.12)) {
    said += random.pick(particle[which]);
    closed = true;
  } else if (isOrder && !open.test(say) && random.chance(0.04)) {
    said += random.pick(after[which]);
  } else if (isOrder && !closed && random.chance(0.03)) {
    return `${said}${random.pick(tag[which])}${random.pick(["？", "?", ""])}`;
  } else if (random.chance(0.08)) {
    said += random.pick(thanks[which]);
    return random.chance(0.3) ? `${said}。` : said;
  }
  const mark = random.uniform();
  if (mark < 0.6) return said;
  if (open.test(say)) return `${said}。`;
  if (question.test(say)) return `${said}${mark < 0.9 ? "？" : "?"}`;
  return `${said}${mark < 0.92 ? "。" : "！"}`;
}

/** 给我 does not follow 帮我. */
const asking = (word, said) => word + (word.endsWith("我") ? said.replace(/^(帮我|给我)/, "") : said);

/** Commas as a keyboard or speech recognition has them; one between two slots stays. */
function unpunctuated(random, say) {
  if (!say.includes("，") || /\}，\{|\{(recipient|contact)\}，/.test(say) || random.chance(0.75)) return say;
  return say.replaceAll("，", random.pick(["", "", " ", ","]));
}

/** Between two requests in one sentence. */
export const joiners = lines(
  "，\n，然后\n，再\n，顺便\n，同时\n，并且\n，接着\n，还有，\n，另外\n。\n，完了\n，也\n然后\n，顺便帮我\n，然后帮我\n，再帮我\n，之后",
);
