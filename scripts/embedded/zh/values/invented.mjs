// Names that no one has heard: shops, brands and roads of any common characters, and Latin ones of syllables.
import { characters } from "./characters.mjs";

const onsets = [
  "b",
  "br",
  "c",
  "cl",
  "d",
  "f",
  "g",
  "gr",
  "h",
  "j",
  "k",
  "l",
  "m",
  "n",
  "p",
  "pl",
  "r",
  "s",
  "st",
  "t",
  "tr",
  "v",
  "w",
  "z",
];
const vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oo", "y"];
const codas = ["", "", "", "n", "r", "l", "s", "x", "m", "nd", "ck", "t"];

/** One common character. */
export const character = (random) => random.pick(characters);

/** Two or three common characters that make no word. */
export const strange = (random) =>
  Array.from({ length: random.chance(0.75) ? 2 : 3 }, () => random.pick(characters)).join("");

/** An invented Latin name, such as Lumo or Branex; now and then in capitals. */
export const latin = (random) => {
  let name = "";
  const syllables = random.integer(1, 3);
  for (let i = 0; i < syllables; i++) name += random.pick(onsets) + random.pick(vowels) + random.pick(codas);
  if (random.chance(0.15)) return name.slice(0, 4).toUpperCase();
  return random.chance(0.8) ? name[0].toUpperCase() + name.slice(1) : name;
};

/** Invented Latin names of the held-out set: other endings. */
export const heldLatin = (random) => latin(random) + random.pick(["ovic", "ello", "sson", "ford", "ique", "ara"]);
