// Destinations and places to be near of: homes, addresses, towns, shops with invented names, sights.

import { both, expand, list, split, typed } from "../lists.mjs";
import { cities, firstNames, foreignStreets, invented, streetKinds, streetNames, surnames } from "./names.mjs";

export const kinds = split(
  list(`pharmacy, supermarket, bakery, petrol station, gas station, hospital, bank, post office, library, bus station, train station, metro
station, subway station, tram stop, parking garage, car park, park, playground, swimming pool, gym, cinema, theatre, museum, art gallery,
zoo, aquarium, stadium, airport, ferry terminal, harbour, marina, beach, lake, campsite, hostel, hotel, motel, restaurant, pizzeria, sushi
bar, steakhouse, coffee shop, cafe, tea house, ice cream parlour, burger place, noodle bar, kebab shop, pub, wine bar, nightclub, concert
hall, opera house, town hall, police station, fire station, courthouse, embassy, university, high school, primary school, kindergarten,
nursery, dentist, optician, clinic, vet, hairdresser, barber, nail salon, dry cleaner, laundrette, hardware store, garden centre, furniture
store, bookshop, toy shop, shoe shop, florist, jeweller, butcher, fishmonger, greengrocer, farmers market, flea market, shopping centre,
mall, outlet, car wash, tyre shop, garage, car rental, taxi rank, bike shop, ski lift, cable car, golf course, tennis club, ice rink,
bowling alley, climbing hall, skate park, dog park, botanical garden, cemetery, church, mosque, temple, synagogue, cathedral, monastery,
castle, lighthouse, viewpoint, waterfall, bridge, border crossing, toll booth, rest stop, service area, truck stop, recycling centre,
warehouse, office building, construction site, exhibition centre, conference centre, planetarium, observatory, food court, drugstore, ATM,
cash machine, phone shop, electronics store, copy shop, tourist office, ticket office, bus stop, picnic area, boat hire, vineyard, farm shop`),
);
const houses =
  list(`Bakery, Cafe, Bistro, Grill, Diner, Inn, Hotel, Tavern, Books, Pharmacy, Clinic, Bar, Kitchen, Market, Gallery, Theatre,
Cinema, Gym, Studio, Garage, Motors, Brewery, Hall, Arena, Tower, Center, Mall, Plaza, Gardens, Spa, House, Lodge`);
const adjectives = split(
  list(`Golden, Silver, Red, Blue, Green, Black, White, Old, New, Royal, Grand, Little, Great, Happy, Lucky, Quiet, Hidden, Broken, Crooked,
Flying, Dancing, Laughing, Sleeping, Hungry, Wandering, Rusty, Velvet, Crystal, Marble, Copper, Amber, Ivory, Scarlet, Northern, Southern,
Eastern, Western, Upper, Lower, Central, Sunny, Misty, Windy, Salty, Smoky`),
);
const things = split(
  list(`Lion, Dragon, Fox, Bear, Swan, Crown, Anchor, Fork, Spoon, Kettle, Lantern, Bell, Star, Moon, Sun, Cloud, River, Mountain, Garden,
Rose, Oak, Apple, Olive, Lemon, Pepper, Wheel, Ship, Whale, Dolphin, Horse, Stag, Owl, Raven, Turtle, Panda, Tiger, Elephant, Bridge,
Gate, Mill, Barrel, Bottle, Feather, Pillow, Window, Clock, Compass, Harp, Drum, Violin`),
);
export const sights = split(
  list(`the Eiffel Tower, the Louvre, Big Ben, the Colosseum, Tower Bridge, the British Museum, the Brandenburg Gate, the Sagrada Familia,
Central Park, Times Square, the Golden Gate Bridge, the Space Needle, the White House, the Acropolis, Hagia Sophia, the Blue Mosque, the
Prado, the Uffizi, Trevi Fountain, Buckingham Palace, Hyde Park, Notre-Dame, Montmartre, Checkpoint Charlie, Schonbrunn Palace, Charles
Bridge, the Rijksmuseum, Tivoli, Plitvice Lakes, Lake Como, Mont Blanc, the Matterhorn, Ben Nevis, Loch Ness, Stonehenge, Niagara Falls,
the Grand Canyon, Yellowstone, Death Valley, Table Mountain, the Sydney Opera House, Bondi Beach, Mount Fuji, Shibuya Crossing, the Bund, West
Lake, the Summer Palace, Gardens by the Bay, Marina Bay, the Burj Khalifa, the Taj Mahal, India Gate, Wembley, Camp Nou, Old Trafford,
Terminal 2, Terminal 5, Gate B12, Hall 7, Pier 39, Heathrow, Gatwick, JFK, O'Hare, Charles de Gaulle, King's Cross, Grand Central`),
);
/** Places that have a list of their own may be held out there. */
const known = new Set([...kinds.train, ...kinds.heldout].map((kind) => `the ${kind}`));
const elsewhere = (items) => items.filter((item) => !known.has(item));

const own = split(
  elsewhere(
    list(`work, my place, the office, my office, my parents' house, my hotel, the hotel, school, the kids' school, grandma's, my mum's place,
my brother's house, our apartment, the gym, my dentist, my usual parking spot, the cottage, the holiday flat, my flat, the city centre,
the old town, the harbour, the seaside, the main square, the train station, the central station, the airport, the hospital, church, my
favourite cafe, the campus, the client's office, the warehouse, the depot, the beach, the cinema, the mall, where I parked, the meeting
point, base camp, the reception, the trailhead, mum and dad's, the doctor, daycare, the ferry, the venue, my car, the summer house`),
  ),
);
const qualities = list(
  "good, cheap, quiet, open, nice, decent, free, big, small, 24-hour, vegan, Italian, Chinese, Indian, Thai, family-friendly",
);
const closest = list("nearest, closest, next, nearest, best");

const patterns = {
  train: [
    "{number} {street} {streetKind}",
    "{street} {streetKind} {number}",
    "{street} {streetKind}",
    "{number} {street} {streetKind} in {city}",
    "{foreign} {number}",
    "{foreign}",
    "{city}",
    "{city}",
    "{city} airport",
    "{city} city centre",
    "the centre of {city}",
    "the {closest} {kind}",
    "the {closest} {kind}",
    "a {quality} {kind}",
    "the {kind}",
    "the {kind} on {street} {streetKind}",
    "a {kind} near {city}",
    "the {kind} near {sight}",
    "{sight}",
    "{sight}",
    "{invented} {house}",
    "the {invented} {house}",
    "{invented}",
    "the {adjective} {thing}",
    "the {adjective} {thing} {house}",
    "{adjective} {thing} {house}",
    "{first}'s place",
    "{first}'s house",
    "{first}'s",
    "{surname} {house}",
    "Dr {surname}'s practice",
    "the {surname} building",
    "{own}",
    "{own}",
    "{own}",
    "{own}",
    "the {kind} in {city}",
    "{kind}",
    "a {kind}",
    "{invented} in {city}",
    "the {invented} in {street} {streetKind}",
    "{surname} and Sons",
    "{invented} University",
    "{invented} Park",
    "Mount {invented}",
    "Lake {invented}",
    "{city}, {street} {streetKind}",
    "exit {number}",
    "the corner of {street} and {invented} {streetKind}",
    "my friend {first}",
    "my sister {first}'s flat",
    "{invented}ville",
  ],
  heldout: [
    "{number} {street} {streetKind}",
    "{street} {streetKind}",
    "{street} {streetKind} {number} in {city}",
    "{city}",
    "{foreign} {number}",
    "the {closest} {kind}",
    "the {kind}",
    "a {quality} {kind}",
    "{sight}",
    "{invented} {house}",
    "{invented}",
    "the {adjective} {thing}",
    "{first}'s place",
    "{surname} {house}",
    "{own}",
    "{own}",
    "the {kind} in {city}",
    "the {kind} opposite {sight}",
    "{city} university",
    "the {invented} {house} by the {thing}",
    "Fort {invented}",
    "that {kind} behind {street} {streetKind}",
  ],
};

/** @param {"train" | "heldout"} which */
const parts = (which) => ({
  number: (random) =>
    random.weighted([
      [String(random.integer(1, 250)), 6],
      [`${random.integer(1, 99)}${random.pick(["a", "b"])}`, 1],
    ]),
  street: streetNames[which],
  streetKind: streetKinds,
  foreign: foreignStreets[which],
  city: cities[which],
  closest,
  kind: kinds[which],
  quality: qualities,
  sight: sights[which],
  invented: invented(which),
  house: houses,
  adjective: adjectives[which],
  thing: things[which],
  first: firstNames[which],
  surname: surnames[which],
  own: own[which],
});

const place = (which) => (random) => typed(random, expand(random, random.pick(patterns[which]), parts(which)));

export const destination = both((which) => [place(which)]);

/** A place that can stand behind "near" or "in". */
const nearPatterns =
  list(`the {kind}, the {kind}, {city}, {city}, {city} airport, {sight}, {street} {streetKind}, {number} {street} {streetKind},
{foreign}, {invented}, {invented} {house}, the {adjective} {thing}, the {surname} building, {first}'s place, exit {number} near {city}, the {kind} in {city},
Lake {invented}, the centre of {city}, {invented} Park`);
const nearOwn = split(
  elsewhere(
    list(
      "work, home, the office, my hotel, the old town, the harbour, my parents' house, the city centre, the campus, school, the border, downtown, the motorway, the hotel, the mall",
    ),
  ),
);
export const near = both((which) => [
  ...Array(6).fill((random) => typed(random, expand(random, random.pick(nearPatterns), parts(which)))),
  (random) => random.pick(nearOwn[which]),
]);

/** Places far enough to ask whether the battery is enough for them. */
const farPatterns =
  list(`{city}, {city}, {city}, {city} airport, {sight}, {own}, {own}, {invented}, Lake {invented}, Mount {invented}, {first}'s place,
the {kind} in {city}, {number} {street} {streetKind}, the {adjective} {thing}, {invented} {house}, the {kind}, the next {kind}, {foreign}`);
export const far = both((which) => [(random) => typed(random, expand(random, random.pick(farPatterns), parts(which)))]);
