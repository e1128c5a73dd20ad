// Values of what tools return, of passages and of requests that are none of the model's business.

import { both, expand, lines, list, split } from "../lists.mjs";
import { cities, firstNames, invented, surnames } from "./names.mjs";

const whole = (lo, hi) => ({ train: [(random) => random.integer(lo, hi)] });
const thousands = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

const price = (random) => {
  const amount = random.pick([
    () => String(random.integer(1, 90)),
    () => `${random.integer(0, 60)}.${random.pick(["50", "99", "90", "20", "75", "49", "95"])}`,
    () => String(random.integer(2, 60) * 50),
    () => thousands(random.integer(1_000, 9_900)),
  ])();
  return random.pick([
    `${amount} euros`,
    `${amount} dollars`,
    `$${amount}`,
    `€${amount}`,
    `${amount} pounds`,
    `£${amount}`,
  ]);
};
const clock = (random) => {
  const [hour, minute] = [random.integer(0, 23), random.integer(0, 11) * 5];
  const padded = String(minute).padStart(2, "0");
  return random.chance(0.5)
    ? `${hour}:${padded}`
    : `${(hour % 12) + 1}${minute ? `:${padded}` : ""} ${random.pick(["am", "pm"])}`;
};
const months = list("January, February, March, April, May, June, July, August, September, October, November, December");
const days = list("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday");
const date = (random) => `${random.integer(1, 28)} ${random.pick(months)}`;

const productKinds = split(
  list(`oat milk, dark chocolate, tomato soup, olive oil, shampoo, green tea, peanut butter, toothpaste, orange juice, crispbread, honey, sun cream,
instant noodles, coffee beans, dish soap, granola, rye bread, cat food, cough syrup, hand cream, soy sauce, apple cider, protein bar,
washing powder, goat cheese, lipstick, headphones, running shoes, desk lamp, water bottle, energy drink, muesli, vinegar, rice crackers`),
);
const materials = split(
  list(`oak, steel, wool, cotton, leather, marble, bronze, bamboo, glass, linen, granite, walnut, silk, copper, clay, plywood, aluminium, cork,
porcelain, slate, hemp, titanium, velvet, limestone, rattan, cast iron, brass, felt`),
);
const colours = split(
  list(
    "red, blue, green, yellow, white, black, orange, purple, brown, grey, pink, turquoise, silver, beige, golden, amber, violet",
  ),
);
const things = split(
  list(`towel, torch, first aid kit, warning triangle, jack, spare wheel, blanket, map, charging cable, fuse box, tow hook, reflective vest, ice
scraper, umbrella, cushion, screwdriver, tyre sealant, manual, ladder, broom, locker key, helmet, life jacket, ticket, mask, glove`),
);
const places = split(
  list(`the boot, the glove box, the left side of the dashboard, the rear door, the basement, the front desk, the second floor, the main entrance,
the back seat, the driver's door, the cellar, the lobby, the north wing, the courtyard, the roof terrace, the upper deck, the east gate,
the kitchen, the engine bay, the left cabinet, the garage, the ground floor, the information desk, the car park, the attic`),
);
const parts = (which) => ({
  first: firstNames[which],
  surname: surnames[which],
  invented: invented(which),
  city: cities[which],
  kind: productKinds[which],
});
const from = (patterns) => both((which) => [(random) => expand(random, random.pick(patterns), parts(which))]);

const knowledge = split(
  list(`gravity, photosynthesis, inflation, democracy, evolution, electricity, magnetism, blockchain, capitalism, osmosis, entropy, relativity,
globalisation, nuclear power, the big bang, plate tectonics, the water cycle, machine learning, quantum mechanics, a black hole, a rainbow,
antibiotics, DNA, the immune system, radio waves, the tides, a supernova, friction, the placebo effect, stoicism, feudalism, the Renaissance,
game theory, compound interest, an ecosystem, the ozone layer, fermentation, hibernation, lightning, the speed of sound, a vacuum, osteoporosis,
the Enlightenment, utilitarianism, a semiconductor, the greenhouse effect, supply and demand, natural selection, radioactivity, an atom`),
);
const animals = split(
  list(`rhino, blue whale, squid, penguin, giraffe, tiger, honeybee, crocodile, falcon, bat, kangaroo, polar bear, shark, spider, camel, wolf,
hedgehog, woodpecker, salmon, beetle, gorilla, flamingo, sloth, jellyfish, butterfly, dolphin, cheetah, panda, koala, moose, beaver, raccoon, scorpion`),
);
const countries = split(
  list(`France, Japan, Brazil, Canada, Egypt, India, Norway, Peru, Kenya, Vietnam, Poland, Mongolia, Chile, Greece, Iceland, Morocco, Turkey,
Australia, Mexico, Finland, Nigeria, Thailand, Cuba, Portugal, Nepal, Austria, Bolivia, Ghana, Hungary, Ireland, Jordan, Laos, Malta, Oman`),
);
const famous = split(
  list(`Napoleon, Cleopatra, Albert Einstein, Marie Curie, Shakespeare, Gandhi, Leonardo da Vinci, Julius Caesar, Isaac Newton, Picasso, Van Gogh,
Galileo, Charles Darwin, Nelson Mandela, Martin Luther King, Frida Kahlo, Confucius, Socrates, Plato, Kant, Goethe, Tolstoy, Jane Austen,
Alexander the Great, Genghis Khan, Joan of Arc, Queen Victoria, Abraham Lincoln, Ada Lovelace, Alan Turing, Nikola Tesla, Columbus`),
);
const words = split(
  list(`ephemeral, serendipity, ubiquitous, candid, benevolent, obsolete, meticulous, resilience, paradox, ambiguous, nostalgia, empathy, irony,
plausible, redundant, eloquent, frugal, tedious, vivid, hypocrisy, quaint, novice, apathy, dilemma, lucid, zealous, pristine, notion, whimsical`),
);
const plainWords = list(
  "cheese, bread, house, water, friend, dog, train, love, apple, school, window, tomorrow, butterfly, kitchen, river, moon, shoe, happiness, forest, bridge",
);
const tongues = list(
  "French, German, Spanish, Italian, Japanese, Chinese, Russian, Swedish, Latin, Greek, Polish, Turkish, Arabic, Dutch, Korean",
);
const codes = list(
  "Python, JavaScript, Java, C++, Rust, Go, SQL, TypeScript, bash, C, Ruby, PHP, Swift, Kotlin, HTML, CSS, R",
);
const tasks = split(
  lines(`reverses a string
    sorts a list
    checks whether a number is prime
    computes the Fibonacci numbers
    reads a CSV file
    counts the words in a text
    finds duplicates in a list
    downloads a web page
    parses JSON
    removes spaces
    adds two matrices
    merges two sorted lists
    validates an email address
    converts Celsius to Fahrenheit
    prints a triangle of stars
    finds the largest number in an array
    renames all files in a folder
    connects to a database
    generates a random password
    draws a circle`),
);
const units =
  list(`miles, kilometres, pounds, kilograms, inches, centimetres, feet, metres, litres, gallons, ounces, grams, cups, millilitres, yards, acres,
hectares, degrees Fahrenheit, stones, knots, pints, teaspoons, tablespoons, hours, days, weeks, minutes`);
const currencies = list("dollars, euros, pounds, yen, yuan, Swiss francs, rupees, pesos, kroner, zloty, won, lira");
const teams = split(
  list(
    "Arsenal, Chelsea, Barcelona, Bayern, Juventus, the Lakers, the Bulls, the Yankees, Ajax, Porto, Celtic, the Packers, Inter, Liverpool, the Warriors, Benfica, the Red Sox, Dortmund",
  ),
);
const ills = split(
  list(
    "a headache, a fever, back pain, a cough, a cold, heartburn, insomnia, a rash, dizziness, a sore throat, hiccups, a nosebleed, cramps, migraine, hay fever, a sprained ankle, toothache, high blood pressure, nausea, sunburn",
  ),
);
const carBrands = split(
  list(
    "BMW, Tesla, Toyota, Ford, Volvo, Honda, Seat, Mercedes, Fiat, Porsche, Renault, Hyundai, BYD, Mini, Jeep, Ferrari, Skoda, Mazda, Kia, Volkswagen",
  ),
);
const carParts = list(
  "tyre, wiper, air filter, fuse, spark plug, headlight bulb, wheel, brake pad, battery, cabin filter, timing belt, clutch",
);
const feelings = list(
  "sad, lonely, stressed, anxious, angry, overwhelmed, bored, unmotivated, heartbroken, jealous, homesick, exhausted",
);
const genres = list("funny, sad, scary, short, romantic, rhyming, silly, long, dramatic, four-line, happy, heroic");
const heroes = split(
  list(
    "a dragon, a lonely robot, the sea, autumn, my grandmother, a brave mouse, two friends, a lost key, the moon, a train journey, a wizard, snow, a lighthouse keeper, time, a pirate queen, coffee, a talking tree, the city at night, a magic shoe",
  ),
);
const foods = split(
  list(
    "lasagne, pancakes, a roast chicken, sushi, chocolate cake, pizza dough, tomato soup, scrambled eggs, curry, risotto, tiramisu, fried rice, guacamole, an omelette, paella, cheesecake, pad thai, apple pie, burgers, a salad dressing",
  ),
);
const errors = list(
  "no network, service unavailable, timed out, not allowed, location unknown, permission denied, device busy, no answer, sensor not ready, battery too low",
);
const numbers = (random) =>
  String(
    random.pick([random.integer(2, 20), random.integer(2, 99), random.integer(10, 999), random.integer(100, 9999)]),
  );

/** @param {{ train: unknown[], heldout: unknown[] }} lists */
const listed = (lists) => both((which) => lists[which]);

export const extras = {
  error: { train: errors },
  minutes: whole(2, 95),
  kilometres: whole(1, 480),
  count: whole(2, 4_000),
  few: whole(2, 14),
  free: whole(1, 8),
  power: { train: [11, 22, 50, 75, 100, 150, 300, 350] },
  range: whole(12, 560),
  battery: whole(3, 99),
  inside: whole(5, 36),
  volume: whole(0, 100),
  rating: { train: [(random) => random.integer(20, 50) / 10] },
  price: { train: [price] },
  clock: { train: [clock] },
  product: from(list("{invented} {kind}, {invented} {kind}, {surname}'s {kind}, {invented} {invented}")),
  track: from(list("{invented} by {first} {surname}, {invented}, {first} {surname}, Radio {invented}")),
  station: from(
    list("{invented} Charge, {invented} Energy, {city} East, {invented} Park, {surname} Services, {invented} Hub"),
  ),
  finding: from(
    list(
      "{city} has {invented} as its mayor, It opens at nine, It belongs to {invented}, {first} {surname} won, It was founded by {surname}, It closes on Sundays, It is in {city}",
    ),
  ),
  meaning: {
    train:
      list(`a tyre has lost pressure, the oil pressure is too low, the battery is not being charged, a door is not shut, the coolant is too hot,
a sensor has failed, the brake fluid is low, the washer fluid is empty, a belt is not fastened, a bulb is broken, the parking brake is on`),
  },
  advice: {
    train: list(
      "Stop as soon as it is safe, Have it checked soon, Drive on slowly to a garage, Fill it up at the next stop, Stop and switch off the engine, Check it at the next stop, You can drive on",
    ),
  },
  ingredient: { train: list("sugar, wheat flour, palm oil, cocoa, salt, rice, oats, water, tomatoes, cream") },
  other_ingredient: {
    train: list("almonds, vinegar, honey, soy lecithin, corn syrup, olive oil, garlic, butter, lemon juice, caramel"),
  },
  allergens_found: { train: list("gluten, nuts, milk, soy, eggs, peanuts, sesame, mustard, fish, celery") },
  number: { train: [numbers] },
  small: whole(2, 24),
  day: { train: days },
  date: { train: [date] },
  year: { train: [(random) => String(random.integer(1600, 2024))] },
  thing: listed(things),
  placement: listed(places),
  material: listed(materials),
  colour: listed(colours),
  name: from(list("{first} {surname}, {first} {surname}, Dr {surname}, {surname}")),
  knowledge: listed(knowledge),
  animal: listed(animals),
  country: listed(countries),
  famous: listed(famous),
  word: listed(words),
  plain_word: { train: plainWords },
  tongue: { train: tongues },
  code: { train: codes },
  task: listed(tasks),
  unit: { train: units },
  other_unit: { train: units },
  currency: { train: currencies },
  other_currency: { train: currencies },
  team: listed(teams),
  ill: listed(ills),
  car: listed(carBrands),
  car_part: { train: carParts },
  feeling: { train: feelings },
  genre: { train: genres },
  hero: listed(heroes),
  food: listed(foods),
};
