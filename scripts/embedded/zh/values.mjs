// The slots of the Chinese phrasings and what fills them, in training and in the held-out set.
import * as closed from "./values/closed.mjs";
import { genre, media, song, station } from "./values/media.mjs";
import * as numbers from "./values/numbers.mjs";
import * as outside from "./values/outside.mjs";
import { contact, recipient } from "./values/people.mjs";
import { destination, far, near, venue } from "./values/places.mjs";
import { query } from "./values/queries.mjs";
import { question } from "./values/questions.mjs";
import * as reading from "./values/reading.mjs";
import * as reports from "./values/reports.mjs";
import { reminder, statement, text } from "./values/texts.mjs";

export const values = {
  destination,
  far,
  near,
  venue,
  recipient,
  contact,
  text,
  statement,
  reminder,
  question,
  query,
  media,
  genre,
  song,
  station,
  language: closed.language,
  window: closed.window,
  seat: closed.seat,
  zone: closed.zone,
  passenger: closed.passenger,
  warning: closed.warning,
  product: closed.products,
  food: closed.food,
  allergen: closed.allergen,
  ingredient: closed.ingredient,
  degrees: numbers.degrees,
  fan: numbers.fan,
  percent: numbers.percent,
  bare: numbers.bare,
  volume: numbers.volume,
  level: numbers.level,
  minutes: numbers.minutes,
  kilometres: numbers.kilometres,
  left: numbers.left,
  count: numbers.count,
  inside: numbers.inside,
  blowing: numbers.blowing,
  ...reading,
  ...reports,
  ...outside,
};
