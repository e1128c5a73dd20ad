// Numbers and names of an enumeration, as people say them and as the schema has them. They are the same in both sets.

const ones =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** @param {number} value of 0 to 100 */
function inWords(value) {
  if (value === 0) return "zero";
  if (value < 20) return ones[value - 1];
  if (value === 100) return "a hundred";
  const ten = tens[Math.floor(value / 10) - 2];
  return value % 10 ? `${ten}-${ones[(value % 10) - 1]}` : ten;
}

const either = (random, value) => {
  if (random.chance(0.7)) return String(value);
  const words = inWords(value);
  return random.chance(0.3) ? words.replace("-", " ") : words;
};

/** "22 degrees" */
const degrees = (random) => {
  const is = random.integer(16, 30);
  const tail = random.pick([" degrees", " degrees", "", "", " degrees Celsius", "°", "°C", " °C", " C", " celsius"]);
  return { say: (/^ ?[°C]/.test(tail) ? String(is) : either(random, is)) + tail, is };
};
const fan = (random) => {
  const is = random.integer(1, 7);
  return { say: either(random, is), is };
};
/** Of the volume. */
const percent = (random) => {
  const is = random.chance(0.6) ? random.integer(0, 20) * 5 : random.integer(0, 100);
  const tail = random.pick(["", "", "", " percent", " percent", "%"]);
  return { say: (tail === "%" ? String(is) : either(random, is)) + tail, is };
};
/** How far open; always with what says that it is a share. */
const share = (random) => {
  const is = random.chance(0.6) ? random.integer(1, 19) * 5 : random.integer(1, 99);
  const tail = random.pick([" percent", " percent", " per cent", "%"]);
  return { say: (tail === "%" ? String(is) : either(random, is)) + tail, is };
};

/** @param {Record<string, string>} names what is meant: how it may be called, between commas */
const named = (names) =>
  Object.entries(names).flatMap(([is, said]) => said.split(",").map((say) => ({ say: say.trim(), is })));

/** As long lists should not make one meaning more frequent than another: first the meaning, then the name. */
const evenly = (names) => {
  const groups = Object.entries(names).map(([is, said]) => said.split(",").map((say) => ({ say: say.trim(), is })));
  return [(random) => random.pick(random.pick(groups))];
};

const levels = {
  0: "off, to zero, to 0, to off, to level 0",
  1: "low, on low, to low, to 1, to one, to level 1, to the lowest level, at the lowest setting, to minimum, on level one, on 1",
  2: "on, medium, on medium, to medium, to 2, to two, to level 2, to level two, at medium, on 2, to the middle setting",
  3: "high, on high, to high, to 3, to three, to level 3, to full, at full, on full, to maximum, to the max, to level three, all the way up, on 3",
};

const warnings = {
  tire_pressure: "tire pressure, tyre pressure, low tire pressure, TPMS, low tyre pressure, tyre, tire",
  engine: "check engine, engine, engine control, engine management, motor, check-engine, engine fault",
  oil: "oil, oil pressure, low oil, oil can, oil level, engine oil",
  battery: "battery, low battery, battery charge, alternator, charging system, 12 volt battery",
  brake: "brake, brake system, brake fluid, brakes, brake pad, brake failure",
  coolant: "coolant, coolant temperature, engine temperature, low coolant, overheating, cooling water",
  airbag: "airbag, air bag, SRS, airbag system, airbag off",
  abs: "ABS, anti-lock brake, antilock, anti-lock braking, abs",
  washer_fluid: "washer fluid, windshield washer, wiper fluid, windscreen washer, screen wash, low washer fluid",
  seat_belt: "seat belt, seatbelt, belt, fasten seat belt, unbuckled",
  door_open: "door open, open door, door ajar, door, door not closed",
  traction: "traction control, traction, ESP, stability control, skid, ESC, slippery road",
  headlight: "headlight, headlamp, low beam, bulb failure, front light, headlights",
  parking_brake: "parking brake, handbrake, hand brake, park brake, electronic parking brake",
  power_steering: "power steering, steering, steering assist, EPS, steering wheel",
};

/** @param {Record<string, string>} names */
const withArticle = (names) =>
  Object.fromEntries(
    Object.entries(names).map(([is, said]) => [
      is,
      said
        .split(",")
        .map((say) => `${/^ ?([aeiou]|SRS|ESP|ESC|EPS)/i.test(say) ? "an" : "a"} ${say.trim()}`)
        .join(","),
    ]),
  );

export const choices = {
  degrees: { train: [degrees] },
  fan: { train: [fan] },
  percent: { train: [percent] },
  language: {
    train: named({
      English: "English",
      Chinese: "Chinese, Mandarin, Chinese",
      Spanish: "Spanish",
      French: "French",
      German: "German",
      Italian: "Italian",
      Portuguese: "Portuguese",
      Russian: "Russian",
      Japanese: "Japanese",
      Korean: "Korean",
      Arabic: "Arabic",
      Hindi: "Hindi",
      Thai: "Thai",
      Vietnamese: "Vietnamese",
      Turkish: "Turkish",
      Dutch: "Dutch",
      Polish: "Polish",
      Greek: "Greek",
    }).flatMap((entry) => [entry, entry, entry, { ...entry, say: entry.say.toLowerCase() }]),
  },
  zone: {
    train: evenly({
      driver:
        "for the driver, on the driver's side, on my side, for me, for the driver only, on the driver side, at the driver's seat",
      passenger:
        "for the passenger, on the passenger side, for my passenger, for the front passenger, on the passenger's side, next to me, for the passenger seat",
      rear: "in the back, in the rear, for the back seats, for the rear seats, for the kids in the back, at the back, for the back, for the rear, for the people in the back, in the back row, on the back seat, for the rear passengers",
      all: "for everyone, for everybody, for all of us, everywhere, in the whole car, for all seats, in all zones, for all zones, for the whole car, for all passengers",
    }),
  },
  /** Who is cold. */
  zone_subject: {
    train: [
      { say: "the driver is", is: "driver" },
      { say: "my passenger is", is: "passenger" },
      { say: "the passenger is", is: "passenger" },
      { say: "the person next to me is", is: "passenger" },
      { say: "the front passenger is", is: "passenger" },
      { say: "the kids in the back are", is: "rear" },
      { say: "the back seat is", is: "rear" },
      { say: "the people in the back are", is: "rear" },
      { say: "the rear passengers are", is: "rear" },
      { say: "the baby in the back is", is: "rear" },
      { say: "everyone is", is: "all" },
      { say: "everybody is", is: "all" },
      { say: "we are all", is: "all" },
      { say: "all of us are", is: "all" },
    ],
  },
  window: {
    train: evenly({
      driver:
        "the window, my window, the driver's window, the window, the driver window, the window on my side, the driver side window, the window next to me, the driver's side window",
      passenger:
        "the passenger window, the passenger's window, the passenger side window, the window on the passenger side, the front passenger window, the co-driver's window, my passenger's window",
      rear_left:
        "the left rear window, the rear left window, the back left window, the left back window, the window in the back on the left, the left window in the back, the window behind on the left, the rear window on the left",
      rear_right:
        "the right rear window, the rear right window, the back right window, the right back window, the window in the back on the right, the right window in the back, the window behind on the right, the rear window on the right",
      sunroof:
        "the sunroof, the roof, the sunroof, the panoramic roof, the roof window, the sun roof, the glass roof, the moonroof",
      all: "all windows, the windows, all the windows, every window, all of the windows, all four windows, the windows, each window",
    }),
  },
  /** Without the article, for curt requests. */
  window_short: {
    train: evenly({
      driver: "window, driver window, my window, driver's window, driver side window",
      passenger: "passenger window, passenger side window, passenger's window, front passenger window",
      rear_left: "left rear window, rear left window, back left window, left back window, rear left",
      rear_right: "right rear window, rear right window, back right window, right back window, rear right",
      sunroof: "sunroof, roof, panoramic roof, moonroof, glass roof",
      all: "all windows, windows, every window, all four windows",
    }),
  },
  /** How far open, behind a verb of opening. */
  position: {
    train: [
      share,
      share,
      share,
      (random) =>
        random.pick([
          { say: "halfway", is: 50 },
          { say: "half", is: 50 },
          { say: "half way", is: 50 },
          { say: "by half", is: 50 },
          { say: "a crack", is: 10 },
          { say: "a bit", is: 10 },
          { say: "a little", is: 10 },
          { say: "a little bit", is: 10 },
          { say: "just a crack", is: 10 },
          { say: "just a bit", is: 10 },
          { say: "just a little", is: 10 },
          { say: "a tiny bit", is: 10 },
          { say: "fully", is: 100 },
          { say: "completely", is: 100 },
          { say: "all the way", is: 100 },
          { say: "wide", is: 100 },
        ]),
    ],
  },
  share: { train: [share] },
  seat: {
    train: evenly({
      driver: "my seat, the seat, the driver's seat, my seat, the driver seat, the seat",
      passenger:
        "the passenger seat, the passenger's seat, the front passenger seat, the seat next to me, the co-driver's seat, my passenger's seat",
      rear_left:
        "the left rear seat, the rear left seat, the back left seat, the left back seat, the seat in the back on the left, the rear seat on the left",
      rear_right:
        "the right rear seat, the rear right seat, the back right seat, the right back seat, the seat in the back on the right, the rear seat on the right",
    }),
  },
  /** Behind the name of the function: "seat heating for the passenger". */
  seat_for: {
    train: evenly({
      driver: "for the driver, for me, on my seat, on the driver's side, for my seat, on my side, in the driver's seat",
      passenger:
        "for the passenger, on the passenger seat, on the passenger side, for my passenger, next to me, for the front passenger, for the passenger seat",
      rear_left:
        "for the left rear seat, on the rear left, in the back on the left, on the back left seat, for the rear left passenger, for the left rear passenger",
      rear_right:
        "for the right rear seat, on the rear right, in the back on the right, on the back right seat, for the rear right passenger, for the right rear passenger",
    }),
  },
  seat_short: {
    train: evenly({
      driver: "seat, my seat, driver seat, driver's seat",
      passenger: "passenger seat, passenger's seat, front passenger seat",
      rear_left: "rear left seat, left rear seat, back left seat, left back seat",
      rear_right: "rear right seat, right rear seat, back right seat, right back seat",
    }),
  },
  /** A noun that follows "seat" or stands alone. */
  seat_function: {
    train: evenly({
      heating: "heating, heater, heating, heat, warming",
      ventilation: "ventilation, cooling, ventilation, fan, air flow",
      massage: "massage, massage function, massage, massager",
    }),
  },
  seat_level: {
    train: Object.values(levels).map((said, is) => (random) => ({ say: random.pick(said.split(",")).trim(), is })),
  },
  /** A level above off, as an adverb: "heat my seat on low". */
  seat_strength: {
    train: [1, 2, 3].map((is) => (random) => ({
      say: random
        .pick(
          [
            "",
            "on low, a little, gently, at level 1, at level one, slightly, at the lowest level, on 1",
            "on medium, at level 2, at level two, at medium strength, on 2, moderately",
            "on high, at full power, to the max, at level 3, at level three, full blast, as much as possible, on 3, on full",
          ][is].split(","),
        )
        .trim(),
      is,
    })),
  },
  /** What stands before "light", "warning" or "symbol". */
  warning: { train: evenly(warnings) },
  /** The same with an article. */
  a_warning: { train: evenly(withArticle(warnings)) },
  /** The sign itself, with an article. */
  warning_sign: {
    train: evenly({
      tire_pressure:
        "a tire symbol with an exclamation mark, an exclamation mark in a horseshoe, a yellow tyre symbol, a message about low tire pressure, a flat tire warning, the message check tyre pressure, a TPMS warning",
      engine:
        "a yellow engine symbol, a check engine message, an engine outline, an orange engine icon, a message that says engine fault, a little engine sign",
      oil: "an oil can, a red oil can, a dripping oil can symbol, a message that the oil is low, an oil pressure warning, a little oil lamp symbol",
      battery:
        "a red battery symbol, a battery icon, a battery sign with plus and minus, a message about the 12 volt battery, a red battery light, a battery warning",
      brake:
        "a red brake warning, an exclamation mark in a circle, a message check brakes, a brake symbol, a brake fluid warning, a red circle that says brake",
      coolant:
        "a thermometer in water, a red thermometer, an engine overheating warning, a coolant symbol, a message that the coolant is low, a temperature warning for the engine",
      airbag:
        "an airbag symbol, a person with a ball in front, a red airbag sign, an SRS message, an airbag warning, a man with an inflated bag",
      abs: "a yellow ABS sign, the letters ABS, an ABS warning, an anti-lock brake message, the letters ABS in a circle",
      washer_fluid:
        "a windscreen with a fountain, a washer fluid symbol, a message that the wiper water is empty, a low washer fluid message, a spraying windshield icon",
      seat_belt:
        "a person with a belt, a seat belt symbol, a red seat belt sign, a seatbelt reminder, a message to fasten the belt",
      door_open:
        "a car with open doors, a door symbol, a message that a door is open, a door ajar message, a door ajar icon",
      traction:
        "a skidding car, a car with wavy lines, a traction control warning, an ESP light, a slipping car symbol, a stability control message",
      headlight:
        "a headlight warning, a message that a bulb is broken, a headlamp symbol with a cross, a message about the low beam, a broken headlight icon",
      parking_brake:
        "a P in a circle, a red P, a parking brake symbol, a handbrake warning, a message about the handbrake, a letter P with brackets",
      power_steering:
        "a steering wheel with an exclamation mark, a steering wheel symbol, a power steering message, a steering warning, a red steering wheel",
    }),
  },
  allergen: {
    train:
      "nut, peanut, gluten, lactose, milk, soy, egg, fish, shellfish, wheat, sesame, celery, mustard, almond, dairy, hazelnut, sulphite, lupin, crab, cashew"
        .split(",")
        .map((item) => item.trim()),
  },
  allergens: {
    train:
      "nuts, peanuts, gluten, lactose, milk, soy, eggs, fish, shellfish, wheat, sesame, celery, mustard, almonds, dairy, hazelnuts, sulphites, lupin, cashews, walnuts, traces of nuts, milk powder"
        .split(",")
        .map((item) => item.trim()),
  },
};
