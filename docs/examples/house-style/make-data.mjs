// Writes the data of docs/fine-tune.md: support messages, and the line that an invented office makes of each.
//   #T-<area>/<priority> | <customer> | <unit>
// The rules are nowhere in the messages: area by what is broken (NET, PRN, ACC, BIL, HW), priority by how urgent it sounds (1 today,
// 2 this week, 3 whenever). Held-out messages have sentences, phrasings, customers and units that no training message has.
// Usage: node make-data.mjs FOLDER      (train.jsonl, 480 messages; heldout.jsonl, 100; the same on every machine)
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node make-data.mjs FOLDER");
  process.exit(2);
}

/** Of each list: what training has, and what is held out. */
const problems = {
  NET: [
    [
      ...["the wifi keeps dropping", "the VPN does not connect", "there is no internet", "the network is very slow"],
      ...[
        "the router blinks red",
        "no web page will load",
        "the wifi password is refused",
        "the network cable is broken",
      ],
    ],
    ["the wireless network comes and goes", "we cannot get online", "the internet connection is down"],
  ],
  PRN: [
    [
      ...["the printer jams on every page", "nothing comes out of the printer", "the printer shows an error"],
      ...["prints come out striped", "the toner is empty", "the printer is offline", "the printer pulls in two sheets"],
      "every printout is blank",
    ],
    ["the printer will not print", "pages get stuck in the printer", "printouts are far too pale"],
  ],
  ACC: [
    [
      ...["my password has expired", "I cannot sign in", "my account is blocked", "the login page rejects me"],
      ...["I forgot my password", "my user name is not recognised", "the sign-in code never arrives"],
      "a new colleague needs an account",
    ],
    ["I am locked out of my account", "I need a new password", "signing in fails"],
  ],
  BIL: [
    [
      ...["the invoice has the wrong amount", "we were charged twice", "the invoice never arrived"],
      ...["a payment is missing from the bill", "the discount was not applied", "the bill shows an old address"],
      ...["we need a copy of the invoice", "the refund has not come"],
    ],
    ["the bill is too high", "we paid the invoice twice", "the invoice has a mistake"],
  ],
  HW: [
    [
      ...["the laptop does not start", "the screen stays black", "the keyboard misses letters", "the fan is very loud"],
      ...["the battery is flat after an hour", "the mouse has stopped working", "the laptop gets very hot"],
      "the screen is cracked",
    ],
    ["the laptop will not switch on", "the screen flickers", "two keys of the keyboard are broken"],
  ],
};
const urgencies = [
  [
    [
      ...[
        "We need it today.",
        "This is urgent.",
        "It has to work by noon.",
        "Please come at once.",
        "It is very pressing.",
      ],
      ...["Nobody here can work.", "We cannot wait.", "As soon as possible, please.", "Tomorrow is too late."],
      ...["Help us immediately.", "It must be mended before the evening.", "Every minute counts.", "Today, please!"],
      ...["We have to have it straight away.", "Drop everything else, please.", "It will not keep until the morning."],
    ],
    ["This is very urgent.", "We need help right now.", "It cannot wait until tomorrow."],
  ],
  [
    [
      ...[
        "By the end of the week is fine.",
        "Please look at it this week.",
        "Friday would be good.",
        "Wednesday will do.",
      ],
      ...[
        "Within the next few days, please.",
        "The day after tomorrow is early enough.",
        "In two or three days, please.",
      ],
      ...["Could somebody come before the weekend?", "Not today, but this week.", "Thursday at the latest."],
      ...["Sometime before Saturday, please.", "A few days are all right.", "It should be done within the week."],
      ...["We can manage for a day or two.", "Later this week would suit us.", "Let us have it by Friday."],
    ],
    ["Some time this week is fine.", "In the next few days would be good.", "Before Friday, please."],
  ],
  [
    [
      ...[
        "There is no hurry.",
        "Whenever you have time.",
        "It can wait.",
        "Next month is fine too.",
        "This is not urgent.",
      ],
      ...[
        "Take all the time you need.",
        "It is not pressing at all.",
        "No need to rush.",
        "One day, when you are here.",
      ],
      ...["It can wait for some weeks.", "Do it when it suits you.", "We do not mind waiting.", "It is not important."],
      ...[
        "Any time in the next months.",
        "Only if you have nothing else to do.",
        "At your leisure, it is not a pressing matter.",
      ],
    ],
    ["There is no rush.", "It is not urgent, take your time.", "It can wait until next month."],
  ],
];
const layouts = [
  [
    "Hello, {customer} here, unit {unit}: {problem}. {urgency}",
    "{Problem} at {customer}, unit {unit}. {urgency}",
    "{urgency} {Problem}. {customer}, unit {unit}.",
    "This is {customer}. {Problem} (unit {unit}). {urgency}",
    "Unit {unit} at {customer}: {problem}. {urgency}",
    "From {customer}: {problem}. {urgency} The unit is {unit}.",
    "Unit {unit}. {Problem}. {urgency} {customer}",
    "Good morning, {problem}. {urgency} Unit {unit}, {customer}.",
  ],
  [
    "Message from {customer}, unit {unit}: {problem}. {urgency}",
    "Hi! {Problem}. {urgency} Regards, {customer}, unit {unit}",
    "{customer}, unit {unit}. {urgency} {Problem}.",
    "{urgency} {Problem} on unit {unit}, says {customer}.",
  ],
];
const [firsts, seconds] = [
  ["North", "Oak", "Stone", "River", "Green", "West", "Ash", "Bright", "Clear", "Fair", "Gold", "High", "Lake", "Moor"],
  ["field", "gate", "bridge", "wood", "ford", "well", "ton", "brook", "dale", "mill", "shaw", "worth"],
];

// mulberry32, a small generator of random numbers that is the same everywhere
let state = 20;
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
}
const pick = (list) => list[random(list.length)];

/** `held`: 0 for training, 1 for what is held out. Every fifth customer and every seventh unit is held out. */
function example(held) {
  const area = pick(Object.keys(problems));
  const priority = random(3);
  const customers = firsts.flatMap((first, i) => seconds.map((second, j) => [first + second, (i + j) % 5 === 0]));
  const [customer] = pick(customers.filter(([, apart]) => apart === (held === 1)));
  const number = 1000 + random(1280) * 7;
  const unit = held === 1 ? number : number + 1 + random(6);
  const problem = pick(problems[area][held]);
  const words = { customer, unit, problem, Problem: problem[0].toUpperCase() + problem.slice(1) };
  const urgency = pick(urgencies[priority][held]);
  const message = pick(layouts[held]).replace(/\{(\w+)\}/g, (_, name) => (name === "urgency" ? urgency : words[name]));
  return [message, `#T-${area}/${priority + 1} | ${customer} | ${unit}`];
}

mkdirSync(folder, { recursive: true });
for (const [file, count, held] of [
  ["train.jsonl", 480, 0],
  ["heldout.jsonl", 100, 1],
]) {
  const examples = new Map();
  while (examples.size < count) examples.set(...example(held));
  const lines = Array.from(examples, ([message, line]) => {
    const messages = [
      { role: "user", content: message },
      { role: "assistant", content: line },
    ];
    return `${JSON.stringify({ messages })}\n`;
  });
  writeFileSync(join(folder, file), lines.join(""));
  console.log(`${join(folder, file)}: ${count} examples`);
}
