import { lines } from "../lists.mjs";

const near = { near: "{near}" };
const fast = { fast: true };
const both = { near: "{near}", fast: true };

const nearby = `[charging|charger|charging station] {near_word} {near}
find a charging station {near_word} {near}
find a charger {near_word} {near}
charging stations {near_word} {near}
chargers {near_word} {near}
where can I charge {near_word} {near}
where can I charge the car {near_word} {near}
is there a charging station {near_word} {near}
is there a charger {near_word} {near}
are there any chargers {near_word} {near}
find me somewhere to charge {near_word} {near}
I want to charge {near_word} {near}
I need to charge {near_word} {near}
I need a charger {near_word} {near}
show me charging stations {near_word} {near}
show chargers {near_word} {near}
look for a charging station {near_word} {near}
a place to charge {near_word} {near}
charging points {near_word} {near}
find charging {near_word} {near}
find charging points {near_word} {near}
search for a charging station {near_word} {near}
what charging stations are there {near_word} {near}
can I charge {near_word} {near}
EV charging {near_word} {near}
EV charger {near_word} {near}
find me a charging point {near_word} {near}
I'd like to charge {near_word} {near}
where's a charging station {near_word} {near}
we could charge {near_word} {near}, find a station
which charging stations are {near_word} {near}
look for chargers {near_word} {near}
electric charging {near_word} {near}
where do I plug in {near_word} {near}`;

const words = ["near", "near", "close to", "[around|near]", "[in the area of|next to|by]"];
const withWords = (text) => lines(text).map((say, i) => say.replace("{near_word}", words[i % words.length]));

export const find_charging = {
  train: [
    {
      weight: 4,
      say: lines(`find a charging station
        find a charger
        find charging stations
        find me a charger
        find me a charging station
        find charging
        charging station
        charging stations
        charger
        charging
        charge
        where can I charge
        where can I charge the car
        where can I charge my car
        where can I plug in
        where can we charge
        where is the nearest charging station
        where's the nearest charger
        where's the next charging station
        nearest charger
        nearest charging station
        next charging station
        closest charger
        is there a charging station nearby
        is there a charger near me
        is there a charging station around here
        are there any chargers around
        are there charging stations near here
        any chargers nearby
        I need to charge
        I need to charge the car
        I need a charger
        I need a charging station
        I have to charge
        we need to charge
        we have to charge soon
        the battery is low, find a charger
        the battery is nearly empty, where can I charge
        the battery is almost flat. Find me a charging station.
        I'm running out of charge, find a station
        we're running low, I need a charger
        look for a charging station
        search for a charging station
        search for chargers
        show me charging stations
        show charging stations
        show me the chargers nearby
        list charging stations
        show charging points
        find a charging point
        I want to charge the car
        I'd like to charge
        I want to charge
        a place to charge
        somewhere to charge
        EV charging
        EV charger
        find an EV charger
        find a place to charge
        find somewhere to charge the car
        chargers near me
        charging stations around here
        get me to power, find a charger
        let's charge somewhere
        charging along the way
        find a charger along the route
        find a charging station on the way`),
      call: {},
    },
    { weight: 6, say: withWords(nearby), call: near },
    {
      weight: 2.5,
      say: lines(`charging stations in {city}
        chargers in {city}
        find a charging station in {city}
        where can I charge in {city}
        find a charger in {city}
        charging in {city}
        I want to charge in {city}
        show me chargers in {city}
        can I charge in {city}
        where do people charge in {city}
        are there charging stations in {city}
        charging points in {city}`),
      call: { near: "{city}" },
    },
    {
      weight: 2,
      say: lines(`fast charger
        find a fast charger
        find a fast charging station
        fast charging station
        fast charging
        quick charge
        quick charger
        find a quick charger
        rapid charger
        find a rapid charger
        find me a fast charger
        where is the nearest fast charger
        where's the next fast charger
        nearest fast charger
        where can I fast charge
        where can I charge fast
        where can I charge quickly
        I need a fast charger
        I need a quick charge
        I need to charge quickly
        I need to charge fast
        I'm in a hurry, find a fast charger
        is there a fast charger nearby
        are there any fast chargers around
        any fast chargers near me
        show me fast chargers
        show fast charging stations
        look for a fast charger
        search for rapid chargers
        high-speed charger
        find high-speed charging
        DC fast charging
        find a DC fast charger
        a place with fast charging
        I want to fast charge
        I want to charge quickly`),
      call: fast,
    },
    {
      weight: 3.5,
      say: withWords(`fast charger {near_word} {near}
        fast charging {near_word} {near}
        find a fast charger {near_word} {near}
        find a fast charging station {near_word} {near}
        find a quick charger {near_word} {near}
        find a rapid charger {near_word} {near}
        rapid charger {near_word} {near}
        quick charge {near_word} {near}
        quick charging station {near_word} {near}
        where can I fast charge {near_word} {near}
        where can I charge quickly {near_word} {near}
        I need a fast charger {near_word} {near}
        is there a fast charger {near_word} {near}
        is there a fast charging station {near_word} {near}
        are there any fast chargers {near_word} {near}
        show me fast chargers {near_word} {near}
        look for a fast charger {near_word} {near}
        any rapid chargers {near_word} {near}
        fast chargers {near_word} {near}
        I want to fast charge {near_word} {near}
        find fast charging {near_word} {near}
        a quick charge {near_word} {near}
        DC fast charger {near_word} {near}`),
      call: both,
    },
    {
      weight: 1,
      say: lines(`fast chargers in {city}
        find a fast charger in {city}
        fast charging in {city}
        where can I fast charge in {city}
        quick chargers in {city}
        rapid charging in {city}`),
      call: { near: "{city}", fast: true },
    },
    {
      weight: 0.6,
      say: lines(
        "charging station at {near}\ncharger at {near}\ncan I charge at {near}\nis there a charger at {near}\nfind a charger at {near}\nwhere can I charge at {near}",
      ),
      call: near,
    },
  ],
  heldout: [
    {
      weight: 3,
      say: lines(`juice up the car, where's a station
        get me to a plug
        whereabouts is a charging point
        I'd better charge, what's around
        could you locate a charging station
        what's the closest place to top up the battery
        the car needs power, any stations
        point me at a charger`),
      call: {},
    },
    {
      weight: 4,
      say: lines(`locate a charging station near {near}
        what's available for charging near {near}
        let's find a plug close to {near}
        could I top up the battery near {near}
        get me a list of chargers near {near}
        I'd like a charging spot near {near}
        whereabouts can I charge around {near}`),
      call: near,
    },
    {
      weight: 2,
      say: lines(`locate a fast charger
        what's the closest rapid charging point
        I haven't got long, fast charging please
        something with fast charging
        could you locate a quick charge point`),
      call: fast,
    },
    {
      weight: 2.5,
      say: lines(`locate a fast charger near {near}
        could I get a quick charge near {near}
        rapid charging spots near {near}
        get me fast charging close to {near}`),
      call: both,
    },
  ],
};
