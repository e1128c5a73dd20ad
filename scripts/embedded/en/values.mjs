// All slots of the English phrasings.

import { both } from "./lists.mjs";
import { choices } from "./values/choices.mjs";
import { extras } from "./values/extras.mjs";
import { media } from "./values/media.mjs";
import { order, recipient, statement, text, wonder } from "./values/messages.mjs";
import { cities, firstNames, invented } from "./values/names.mjs";
import { destination, far, near } from "./values/places.mjs";
import { dish, goodsNames, lookup, query, question, topic } from "./values/queries.mjs";

export const values = {
  ...choices,
  ...extras,
  destination,
  home: { train: ["home", "home", "home", "home", "Home"] },
  far,
  near,
  recipient,
  text,
  statement,
  order,
  wonder,
  query,
  lookup,
  asked: question,
  media,
  topic,
  dish,
  goods: goodsNames,
  person: both((which) => firstNames[which]),
  city: both((which) => cities[which]),
  brand: both((which) => [invented(which)]),
};
