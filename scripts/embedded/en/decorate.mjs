// What people add around a request: a name to call by, please and thanks, filling words; and how it is typed. Works on a phrasing whose
// slots are not filled yet, so that no value is touched.

const names = {
  train: [
    "hey car",
    "okay car",
    "hey glasses",
    "okay glasses",
    "computer",
    "hey assistant",
    "assistant",
    "car",
    "hey Qwen",
    "hi car",
    "hey there",
    "hello",
    "hey",
  ],
  heldout: ["hey car", "hi glasses", "dear assistant", "hey buddy", "car"],
};
const fillers = {
  train: [
    "um",
    "uh",
    "so",
    "well",
    "okay",
    "right",
    "alright",
    "er",
    "hmm",
    "oh",
    "ah",
    "okay so",
    "yeah",
    "sorry",
    "you know what",
    "actually",
    "look",
  ],
  heldout: ["um", "well", "listen", "so yeah", "erm", "oh and"],
};
/** Before an imperative. */
const openers = {
  train: [
    "please",
    "please",
    "can you",
    "could you",
    "can you please",
    "could you please",
    "would you",
    "I want you to",
    "I'd like you to",
    "I need you to",
    "just",
    "go and",
    "will you",
    "would you please",
  ],
  heldout: ["please", "can you", "could you", "would you kindly", "be so kind and", "I'd ask you to"],
};
const closers = {
  train: [
    " please",
    ", please",
    " please",
    ", thanks",
    " thanks",
    ", thank you",
    " for me",
    ", will you",
    " now",
    " right now",
    " right away",
    ", quickly",
    ", if you can",
    ", okay",
    " now please",
    ", would you",
  ],
  heldout: [" please", ", please", ", thanks", " if you would", " immediately", ", be quick"],
};

/** What is certain not to belong to the value before it. */
const behindValues = [" please", ", please", " please", ", thanks", " thanks", ", thank you"];

const imperatives = new Set(
  `activate adjust answer ask blow bring browse cancel change check clear close compose continue cool crack crank cue cut cycle deactivate
  decrease defog defrost demist direct disable display draft drive drop enable end enter explain fill find fire get give go google guide
  halt have heat identify increase inform interpret jump keep kill lead let list look lower make massage message move mute name navigate
  open pause plan play plot point pull put raise read recirculate recognise reduce remind reply reroute resume return roll route run scan
  search seal send set shoot show shut silence skip slide start stop stream subtitle switch take tell text translate tune turn unmute
  ventilate walk warm wind write`.split(/\s+/),
);

/** Words that are nouns here. */
const noun =
  /^(cool|heat|defrost|recirculate) mode|^massage (on|in|off|please)|^(text|message) (to|for|overlay)|^search results|^(walk|cycle|drive|bike|stroll) (to|home|over)|^have (I|you|we)\b/;

/** @param {string} say whether it tells somebody to do something */
function isImperative(say) {
  return !noun.test(say) && imperatives.has(say.split(/[ :,]/, 1)[0]);
}

/** Phrasings that can stand beside another one in a sentence. @param {string} say */
export function joinable(say) {
  return isImperative(say) && !/[.?!:"]/.test(say) && say.length < 70;
}

export const joiners = [
  " and ",
  " and ",
  " and ",
  " and then ",
  ", then ",
  ", and ",
  " and also ",
  " then ",
  ", and then ",
  " and please ",
];

/** Words that begin a question without a mark. */
const asking =
  /^(what|what's|which|who|where|where's|whereabouts|when|why|how|is|are|do|does|did|can|could|will|would|should|have|has|am|any|may|was|were|might)\b/i;

/**
 * @param {import("../random.mjs").Random} random
 * @param {string} say
 * @param {"train" | "heldout"} which
 */
export function decorate(random, say, which) {
  let text = say;
  const imperative = isImperative(text);
  let question = asking.test(text) || /\?$/.test(text);
  if (imperative && random.chance(0.2)) {
    const opener = random.pick(openers[which]);
    question = /^(can|could|will|would) you/.test(opener);
    text = `${opener} ${text}`;
  }
  const ended = /[.?!]$/.test(text);
  const mark = ended ? text.at(-1) : "";
  const body = ended ? text.slice(0, -1) : text;
  const close = (imperative || question || /\}$/.test(body)) && !/please|thanks/.test(body) && random.chance(0.14);
  const soft = close && (!imperative || /\}$/.test(body)) ? random.pick(behindValues) : "";
  text = body + (soft || (close ? random.pick(closers[which]) : ""));
  if (random.chance(0.06)) text = `${random.pick(fillers[which])}${random.pick([" ", ", "])}${text}`;
  if (random.chance(0.1)) text = `${random.pick(names[which])}${random.pick([" ", ", "])}${text}`;
  return typedAs(random, text, mark, question);
}

/** Spoken text comes without capitals and marks, written text with them, and everything between. */
function typedAs(random, text, mark, question) {
  const manner = random.uniform();
  if (manner < 0.3) return outsideSlots(text, (part) => part.toLowerCase()).replace(/(.)\?(.)/g, "$1$2");
  if (manner < 0.36) return outsideSlots(text, (part) => part.toLowerCase().replaceAll("'", ""));
  if (manner < 0.55) return text + (question && random.chance(0.5) ? "?" : "");
  const capital = text[0].toUpperCase() + text.slice(1);
  if (manner < 0.65) return capital;
  return capital + (question ? "?" : mark || random.pick([".", ".", ".", "!"]));
}

/** @param {string} text @param {(part: string) => string} change */
function outsideSlots(text, change) {
  return text
    .split(/(\{[^}]*\})/)
    .map((part) => (part.startsWith("{") ? part : change(part)))
    .join("");
}
