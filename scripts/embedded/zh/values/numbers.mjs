// Numbers as digits and as Chinese numerals, for the slots whose argument is a number, and plain ones for composed
// values (house numbers, times).

const digits = "零一二三四五六七八九";

/** 37 -> 三十七; 0 to 999. */
export function numeral(n) {
  if (n < 10) return digits[n];
  if (n < 20) return `十${n % 10 ? digits[n % 10] : ""}`;
  if (n < 100) return `${digits[Math.floor(n / 10)]}十${n % 10 ? digits[n % 10] : ""}`;
  const rest = n % 100;
  const tail = rest === 0 ? "" : rest < 10 ? `零${digits[rest]}` : rest < 20 ? `一${numeral(rest)}` : numeral(rest);
  return `${digits[Math.floor(n / 100)]}百${tail}`;
}

const both = (n) => [
  { say: String(n), is: n },
  { say: numeral(n), is: n },
];

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Temperatures that are never said in training stand in the other slots there. */
const heldDegrees = new Set([19, 27]);
const heldPercents = new Set([17, 23, 36, 48, 64, 72, 81, 95]);

export const degrees = {
  train: range(16, 30)
    .filter((n) => !heldDegrees.has(n))
    .flatMap(both),
  heldout: [...heldDegrees].flatMap(both),
};

export const fan = {
  train: [
    ...range(1, 7)
      .flatMap(both)
      .filter(({ say }) => say !== "4"),
    { say: "二", is: 2 },
  ],
  heldout: [
    { say: "4", is: 4 },
    { say: "两", is: 2 },
  ],
};

const percentForms = (n) => [
  { say: `${n}%`, is: n },
  { say: `百分之${numeral(n)}`, is: n },
  { say: `百分之${n}`, is: n },
];

/** How far: 三成 is 30, 一半 is 50. */
export const percent = {
  train: [
    ...range(1, 100)
      .filter((n) => !heldPercents.has(n) && n !== 100)
      .flatMap(percentForms),
    ...[20, 25, 30, 40, 60, 70, 75, 80, 90].flatMap(percentForms),
    { say: "百分之一百", is: 100 },
    { say: "百分百", is: 100 },
    { say: "100%", is: 100 },
    { say: "两成", is: 20 },
    { say: "三成", is: 30 },
    { say: "四成", is: 40 },
    { say: "六成", is: 60 },
    { say: "七成", is: 70 },
    { say: "八成", is: 80 },
    { say: "四分之一", is: 25 },
    { say: "四分之三", is: 75 },
    { say: "一半", is: 50 },
  ],
  heldout: [...[...heldPercents].flatMap(percentForms), { say: "九成", is: 90 }],
};

/** How far a window opens, as a bare number. */
export const bare = {
  train: range(1, 99)
    .filter((n) => !heldPercents.has(n))
    .flatMap(both),
  heldout: [...heldPercents].flatMap(both),
};

/** A volume is said as a bare number too. */
export const volume = {
  train: [
    ...range(0, 100)
      .filter((n) => !heldPercents.has(n))
      .flatMap((n) => (n === 100 ? [{ say: "100", is: 100 }] : both(n))),
    ...[10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 80].flatMap(both),
    ...[10, 20, 25, 30, 40, 50, 60, 70, 75, 80].flatMap(percentForms),
    { say: "一半", is: 50 },
    { say: "三成", is: 30 },
    { say: "一百", is: 100 },
  ],
  heldout: [...[...heldPercents].flatMap(both), ...[...heldPercents].flatMap(percentForms)],
};

/** Levels of a seat: 低档 1, 中档 2, 高档 3 or the number. */
export const level = {
  train: [
    { say: "1档", is: 1 },
    { say: "2档", is: 2 },
    { say: "3档", is: 3 },
    { say: "一档", is: 1 },
    { say: "二档", is: 2 },
    { say: "三档", is: 3 },
    { say: "两档", is: 2 },
    { say: "1挡", is: 1 },
    { say: "2挡", is: 2 },
    { say: "三挡", is: 3 },
    { say: "低档", is: 1 },
    { say: "中档", is: 2 },
    { say: "高档", is: 3 },
    { say: "最低档", is: 1 },
    { say: "最高档", is: 3 },
    { say: "最低", is: 1 },
    { say: "最高", is: 3 },
    { say: "最大", is: 3 },
    { say: "最小", is: 1 },
    { say: "最强", is: 3 },
    { say: "最弱", is: 1 },
    { say: "低", is: 1 },
    { say: "中等", is: 2 },
    { say: "高", is: 3 },
    { say: "满档", is: 3 },
    { say: "一级", is: 1 },
    { say: "二级", is: 2 },
    { say: "三级", is: 3 },
    { say: "1级", is: 1 },
    { say: "3级", is: 3 },
    { say: "1", is: 1 },
    { say: "2", is: 2 },
    { say: "3", is: 3 },
  ],
  heldout: [
    { say: "3挡", is: 3 },
    { say: "一挡", is: 1 },
    { say: "二挡", is: 2 },
    { say: "2级", is: 2 },
    { say: "中挡", is: 2 },
    { say: "高挡", is: 3 },
    { say: "低挡", is: 1 },
  ],
};

/** What a tool's result reports: digits, every seventh (ninth, sixth) of them held out. */
const reported = (from, to, step) => {
  const entry = (n) => ({ say: String(n), is: n });
  return {
    train: range(from, to)
      .filter((n) => n % step)
      .map(entry),
    heldout: range(from, to)
      .filter((n) => n % step === 0)
      .map(entry),
  };
};

export const minutes = reported(2, 95, 7);
export const kilometres = reported(8, 620, 9);
export const left = reported(3, 98, 6);
export const count = reported(2, 15, 5);
export const inside = reported(16, 30, 5);
export const blowing = reported(1, 7, 4);
