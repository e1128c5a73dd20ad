// What people search the web for.

import { both, expand, lines, list, split, typed } from "../lists.mjs";
import { cities, firstNames, invented, surnames } from "./names.mjs";
import { kinds, sights } from "./places.mjs";

const goods = split(
  list(`noise cancelling headphones, hiking boots, electric bikes, winter tyres, baby strollers, robot vacuums, espresso machines, running shoes,
air fryers, standing desks, e-readers, drones, mattresses, sunglasses, smart watches, dash cams, rice cookers, mechanical keyboards, tents,
folding chairs, wool socks, monitors, cordless drills, garden hoses, car seats, roof racks, backpacks, water filters, kayaks, microphones,
sewing machines, board games, vinyl records, yoga mats, bread makers, heat pumps, solar panels, phone cases, ski goggles, guitars, tripods`),
);
const dishes = split(
  list(`lasagne, pad thai, shakshuka, ramen, banana bread, risotto, goulash, paella, tiramisu, pancakes, sourdough, lentil soup, chili, falafel,
biryani, dumplings, carbonara, moussaka, borscht, pho, cheesecake, gnocchi, ratatouille, kimchi, hummus, apple pie, fish tacos, miso soup,
schnitzel, tzatziki, gazpacho, bulgogi, tagine, ceviche, focaccia, brownies, pesto, meatballs, spring rolls, naan, fondue, pierogi`),
);
const subjects = split(
  list(`black holes, the French Revolution, volcanoes, photosynthesis, the Roman Empire, quantum computers, coral reefs, the Silk Road, vaccines,
glaciers, honeybees, dark matter, the Berlin Wall, jazz, dinosaurs, the stock market, electric cars, hydrogen fuel, sleep, migraine, vitamin D,
knee pain, meditation, the Vikings, penguins, northern lights, the moon landing, nuclear fusion, batteries, tides, the Mayas, whales,
impressionism, the Titanic, the Cold War, inflation, satellites, mushrooms, hurricanes, the human eye, bridges, the Bauhaus, DNA, octopuses`),
);
const shows = split(
  list(`the champions league final, the elections, the marathon, the world cup, the film festival, the climate summit, the royal wedding,
the tennis open, the grand prix, the eclipse, the book fair, the jazz festival, the olympics, the derby, the auto show, the lottery,
the cycling tour, the boat race, the rugby final, the snooker championship, the song contest`),
);
const years = (random) => String(random.integer(1950, 2029));
const parts = (which) => ({
  goods: goods[which],
  dish: dishes[which],
  subject: subjects[which],
  show: shows[which],
  city: cities[which],
  kind: kinds[which],
  sight: sights[which],
  first: firstNames[which],
  surname: surnames[which],
  invented: invented(which),
  year: years,
  number: (random) => String(random.integer(2, 900)),
});

const topics = split(
  lines(`opening hours of {sight}
    the opening hours of the {kind} in {city}
    cheap flights from {city} to {city}
    hotels near {sight}
    the best {kind} in {city}
    {kind} reviews {city}
    {goods}
    best {goods} {year}
    {goods} under {number} dollars
    {invented} {goods}
    cheap {goods}
    a recipe for {dish}
    {dish} recipe
    vegan {dish}
    {dish} without eggs
    {subject}
    facts about {subject}
    the history of {sight}
    the latest news about {subject}
    documentaries on {subject}
    books about {subject}
    results of {show}
    {show} {year}
    tickets for {show}
    the schedule of {show}
    {first} {surname}
    {first} {surname} biography
    {first} {surname} {invented}
    the {invented} company
    {invented} share price
    {invented} customer service
    the phone number of {invented}
    a coupon code for {invented}
    {invented} {number} manual
    reviews of the {invented} {number}
    the weather in {city} tomorrow
    things to do in {city}
    events in {city} this weekend
    train times from {city} to {city}
    the population of {city}
    restaurants in {city} with a view
    parking near {sight}
    ticket prices for {sight}
    road closures in {city}
    apartments for rent in {city}
    jobs in {city}
    a {kind} that is open on Sunday
    the price of {goods}
    symptoms of {subject}
    {subject} for beginners
    a map of {city}
    pictures of {sight}
    {surname} and {surname} {city}
    the lyrics of {invented} by {first} {surname}
    movies with {first} {surname}
    the new album of {first} {surname}
    {invented} vs {invented}
    {invented} near {city}
    the exchange rate of the dollar
    the menu of {invented}
    public holidays in {city}
    the distance between {city} and {city}
    camping near {city}
    used {goods}
    the inventor of {goods}
    the meaning of {invented}
    {dish} calories
    wine that goes with {dish}
    public toilets in {city}
    ski conditions
    the score of {city} against {city}`),
);
const asked = split(
  lines(`how tall {sight} is
    how old {first} {surname} is
    who won {show} in {year}
    how to make {dish}
    how to clean {goods}
    when {show} starts
    where {first} {surname} was born
    what {invented} means
    how far {city} is from {city}
    how many people live in {city}
    why {subject} matter
    which {goods} are the best
    what to see in {city}
    when {sight} opens
    how much {goods} cost
    how long {dish} keeps in the fridge
    who owns {invented}
    whether {invented} is still open
    who directed {invented}
    what time it is in {city}
    if {sight} is worth a visit
    how {goods} are made`),
);

const made = (patterns) =>
  both((which) => [(random) => typed(random, expand(random, random.pick(patterns[which]), parts(which)))]);
const named = made(topics);
const wondered = made(asked);
/** What can stand behind "search for". */
export const query = named;
/** What can stand behind "look up" or "google" too. */
export const lookup = both((which) => [...named[which], ...named[which], ...wondered[which]]);
export const question = wondered;
export const topic = both((which) => subjects[which]);
export const dish = both((which) => dishes[which]);
export const goodsNames = both((which) => goods[which]);
