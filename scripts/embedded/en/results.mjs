// What a program's tool may return, and the sentence that reports it. `when`: only for calls with these arguments.

const done = { ok: true };
const failed = {
  result: { error: "{error}" },
  reply: ["That did not work: {error}.", "It failed: {error}.", "Sorry, that did not work: {error}."],
};

export const results = {
  identify_product: [
    {
      when: { aspect: "name" },
      result: { name: "{product}" },
      reply: ["This is {product}.", "That is {product}.", "It's {product}."],
    },
    {
      when: { aspect: "price" },
      result: { product: "{product}", price: "{price}" },
      reply: ["{product} costs {price}.", "It is {product}, for {price}."],
    },
    { when: { aspect: "price" }, result: { price: "{price}" }, reply: ["It costs {price}.", "The price is {price}."] },
    {
      when: { aspect: "reviews" },
      result: { rating: "{rating}", count: "{count}" },
      reply: ["It has {rating} of 5 stars from {count} reviews.", "{count} people rated it {rating} of 5."],
    },
    {
      when: { aspect: "origin" },
      result: { origin: "{country}" },
      reply: ["It comes from {country}.", "It was made in {country}."],
    },
    {
      when: { aspect: "ingredients" },
      result: { ingredients: ["{ingredient}", "{other_ingredient}"] },
      reply: ["It contains {ingredient} and {other_ingredient}.", "In it are {ingredient} and {other_ingredient}."],
    },
    {
      when: { aspect: "allergens" },
      result: { allergens: ["{allergens_found}"] },
      reply: ["It contains {allergens_found}.", "Careful: it contains {allergens_found}."],
    },
    {
      when: { aspect: "allergens" },
      result: { allergens: [] },
      reply: ["No allergens are listed.", "The label lists no allergens."],
    },
    { result: { found: false }, reply: ["I could not recognise the product.", "I can't tell which product this is."] },
    failed,
  ],
  navigate: [
    {
      result: { minutes: "{minutes}" },
      reply: ["On the way: {minutes} minutes.", "It takes {minutes} minutes.", "{minutes} minutes to {destination}."],
    },
    {
      result: { distance_km: "{kilometres}", minutes: "{minutes}" },
      reply: [
        "{kilometres} kilometres, {minutes} minutes.",
        "On the way: {kilometres} kilometres in {minutes} minutes.",
      ],
    },
    { result: { arrival: "{clock}" }, reply: ["You will arrive at {clock}.", "On the way, arriving at {clock}."] },
    { result: done, reply: ["On the way to {destination}.", "The route to {destination} is set."] },
    { result: { found: false }, reply: ["I could not find {destination}.", "No such place was found: {destination}."] },
    failed,
  ],
  draft_message: [
    { result: done, reply: ["The message to {recipient} is ready.", "Your message to {recipient} is ready to send."] },
    {
      result: { status: "draft" },
      reply: ["The message to {recipient} is a draft: you can send it.", "The draft for {recipient} is ready."],
    },
    { result: { status: "sent" }, reply: ["The message to {recipient} was sent.", "Sent to {recipient}."] },
    {
      result: { error: "contact not found" },
      reply: ["I found no contact called {recipient}.", "{recipient} is not among the contacts."],
    },
    failed,
  ],
  search_web: [
    { result: { results: "{count}" }, reply: ["I found {count} results.", "There are {count} results for {query}."] },
    { result: { answer: "{finding}" }, reply: ["{finding}.", "The web says: {finding}."] },
    { result: { results: 0 }, reply: ["Nothing was found for {query}.", "No results for {query}."] },
    { result: done, reply: ["Here are the results for {query}.", "The results are on the display."] },
    failed,
  ],
  translate_caption: [
    { result: done, reply: ["The captions are in {language} now.", "{language} captions are on."] },
    { result: { status: "on" }, reply: ["Captions in {language} are on.", "You see captions in {language} now."] },
    { result: { error: "language pack missing" }, reply: ["The language pack for {language} is missing."] },
    failed,
  ],
  set_climate: [
    { result: done, reply: ["Done.", "The climate is set.", "All set."] },
    {
      result: { temperature: "{temperature}" },
      reply: ["Set to {temperature} degrees.", "It will be {temperature} degrees."],
    },
    {
      result: { inside: "{inside}" },
      reply: ["Done, it is {inside} degrees inside.", "Set; inside it is {inside} degrees at the moment."],
    },
    failed,
  ],
  set_window: [
    { result: done, reply: ["Done.", "The window is set."] },
    { result: { position: "{position}" }, reply: ["Done: {position} percent open.", "It is {position} percent open."] },
    {
      result: { error: "blocked" },
      reply: ["The window is blocked.", "That did not work: something blocks the window."],
    },
    failed,
  ],
  set_seat: [
    { result: done, reply: ["Done.", "The seat is set."] },
    { result: { level: "{level}" }, reply: ["Set to level {level}.", "It is on level {level}."] },
    { result: { error: "not fitted" }, reply: ["This seat does not have that.", "That seat is not fitted with it."] },
    failed,
  ],
  play_media: [
    { result: done, reply: ["Playing {query}.", "Here is {query}."] },
    { result: { playing: "{track}" }, reply: ["Playing {track}.", "Here is {track}."] },
    { result: { found: false }, reply: ["I could not find {query}.", "Nothing was found for {query}."] },
    failed,
  ],
  control_media: [
    { result: done, reply: ["Done.", "Okay."] },
    { when: { action: "play" }, result: { playing: "{track}" }, reply: ["Playing {track}.", "Now it is {track}."] },
    {
      when: { action: "louder" },
      result: { volume: "{volume}" },
      reply: ["The volume is at {volume} percent.", "Volume {volume} percent."],
    },
    {
      when: { action: "quieter" },
      result: { volume: "{volume}" },
      reply: ["The volume is at {volume} percent.", "Volume {volume} percent."],
    },
    {
      when: { action: "volume" },
      result: { volume: "{level}" },
      reply: ["The volume is at {level} percent.", "Volume {level} percent."],
    },
    { when: { action: "next" }, result: { playing: "{track}" }, reply: ["Playing {track}.", "Now it is {track}."] },
    { when: { action: "previous" }, result: { playing: "{track}" }, reply: ["Playing {track}.", "Back to {track}."] },
    { when: { action: "pause" }, result: { error: "nothing is playing" }, reply: ["Nothing is playing."] },
    failed,
  ],
  find_charging: [
    {
      result: { name: "{station}", distance_km: "{kilometres}" },
      reply: ["{station} is {kilometres} kilometres away.", "The next one is {station}, {kilometres} kilometres away."],
    },
    {
      result: { name: "{station}", free: "{free}", power_kw: "{power}" },
      reply: [
        "{station} has {free} free places with {power} kilowatts.",
        "{free} places with {power} kilowatts are free at {station}.",
      ],
    },
    {
      result: { stations: "{few}" },
      reply: ["I found {few} charging stations.", "There are {few} charging stations."],
    },
    { result: { stations: 0 }, reply: ["I found no charging station.", "There is no charging station."] },
    failed,
  ],
  get_range: [
    { result: { range_km: "{range}" }, reply: ["{range} kilometres are left.", "You can get {range} kilometres far."] },
    {
      result: { battery: "{battery}", range_km: "{range}" },
      reply: [
        "The battery is at {battery} percent, enough for {range} kilometres.",
        "{battery} percent, about {range} kilometres.",
      ],
    },
    {
      result: { enough: true, battery_at_arrival: "{battery}" },
      reply: [
        "Yes, you will reach {destination} with {battery} percent left.",
        "It is enough for {destination}: {battery} percent will be left.",
      ],
    },
    {
      result: { enough: false, missing_km: "{kilometres}" },
      reply: [
        "No, {kilometres} kilometres are missing to {destination}.",
        "It is not enough for {destination}: {kilometres} kilometres are missing.",
      ],
    },
    failed,
  ],
  explain_warning: [
    { result: { meaning: "{meaning}", advice: "{advice}" }, reply: ["It means: {meaning}. {advice}."] },
    { result: { meaning: "{meaning}" }, reply: ["It means: {meaning}.", "The light says: {meaning}."] },
    { result: { severity: "high", advice: "{advice}" }, reply: ["This is serious. {advice}."] },
    { result: { severity: "low", advice: "{advice}" }, reply: ["This is not urgent. {advice}."] },
    failed,
  ],
};
