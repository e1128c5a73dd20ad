// Recipients and the texts of messages: sentence patterns with lists in them. No text ends with words that the rules cut off (please,
// thanks, now), and none begins with a word that would belong to the request.

import { both, expand, lines, list, split, typed } from "../lists.mjs";
import { cities, firstNames, invented, surnames } from "./names.mjs";
import { kinds } from "./places.mjs";

const relatives = split(
  list(`mum, mom, dad, my wife, my husband, my sister, my brother, my boss, my mother, my father, my daughter, my son, my aunt, my uncle,
grandma, grandpa, my girlfriend, my boyfriend, my partner, my neighbour, my landlord, my teacher, my roommate, my colleague, the team, the
office, the family group, my cousin, my doctor, my coach, the babysitter, my manager, the kids, my best friend, my assistant, reception,
the book club, my flatmate, my mother-in-law, the plumber, my trainer, the school, mummy, my niece, everyone, my dentist, the football group,
my nephew, my grandmother, my parents, the choir, my accountant, the neighbours, my tutor, my fiance, the lads, my client, the nanny`),
);
const groups = split(list("team, group, crew, family, band, club, office, chat, class, squad, department"));

const recipientParts = (which) => ({
  first: firstNames[which],
  surname: surnames[which],
  invented: invented(which),
  relative: relatives[which],
  group: groups[which],
});
const recipientPatterns =
  list(`{first}, {first}, {first}, {first}, {first}, {first} {surname}, {first} {surname}, {invented}, {relative}, {relative}, {relative},
Dr {surname}, Mrs {surname}, Mr {surname}, Ms {surname}, Professor {surname}, my friend {first}, my brother {first}, my colleague {first},
Uncle {first}, Aunt {first}, {first} from work, {first} from {invented}, the {invented} {group}, {first} and {first}, {surname}`);

export const recipient = both((which) => [
  (random) => typed(random, expand(random, random.pick(recipientPatterns), recipientParts(which))),
]);

const errands = split(
  lines(`milk
    bread
    eggs and butter
    the tickets
    the spare key
    a bottle of wine
    some batteries
    the charger
    my blue jacket
    the laptop
    your passport
    the birthday cake
    two coffees
    nappies
    the big umbrella
    the contract
    a bag of ice
    the dog food
    the photos
    cat litter
    the projector
    some flowers
    onions and garlic
    the drill
    the receipts
    three pizzas
    the sleeping bags
    toothpaste
    the guest list
    your camera
    sunscreen
    the red folder
    a pack of printer paper
    the picnic blanket
    my glasses
    the medicine
    a loaf of rye bread
    the hiking boots
    the parcel
    your guitar
    lemons
    the slides`),
);
const events = split(
  lines(`the meeting
    dinner
    the concert
    the match
    the game
    lunch
    the party
    the flight
    the rehearsal
    the exam
    the wedding
    the workshop
    training
    breakfast
    the call
    the interview
    the film
    the appointment
    the viewing
    school
    the picnic
    the lesson
    the conference
    the barbecue
    practice
    the ceremony
    the lecture
    the delivery
    yoga
    the quiz
    the demo
    the review`),
);
const times = split(
  lines(`at six
    at half past seven
    at 8
    at 5 pm
    at 10:15
    tonight
    tomorrow
    on Friday
    on Monday morning
    this weekend
    next week
    after lunch
    before noon
    around nine
    tomorrow evening
    on Sunday
    in the morning
    by 4 o'clock
    on the 3rd
    at noon
    later today
    after work
    in an hour
    on Wednesday at 2
    at midnight
    next Tuesday
    at quarter to ten
    this afternoon`),
);
const feelings = list(
  "tired, happy, sorry, excited, sick, nervous, hungry, proud, bored, fine, busy, stuck, lost, ready, ill, worried, grateful, confused",
);
const delays = list(
  "five, ten, fifteen, twenty, thirty, forty, 5, 10, 15, 20, 25, 45, a few, two, three, seven, eight, twelve",
);
const parts = (which) => ({
  errand: errands[which],
  event: events[which],
  time: times[which],
  feeling: feelings,
  delay: delays,
  first: firstNames[which],
  surname: surnames[which],
  city: cities[which],
  kind: kinds[which],
  invented: invented(which),
  number: (random) => String(random.integer(2, 99)),
});

const statements = split(
  lines(`I'm {delay} minutes late
    I'll be there in {delay} minutes
    I'm running late for {event}
    I'm stuck in traffic near {city}
    I can't make it to {event}
    I just left the {kind}
    I'm at the {kind}
    I've arrived in {city}
    we are on our way to {city}
    we're waiting at the {kind}
    {event} is cancelled
    {event} starts {time}
    {event} has been moved to {city}
    dinner is ready
    the train to {city} is delayed
    my phone is almost dead
    I love you
    happy birthday
    good luck with {event}
    congratulations on the new job
    I forgot {errand}
    I bought {errand}
    I left {errand} at the {kind}
    don't forget {errand}
    don't wait for me
    the parcel is at the {kind}
    I'm on my way
    I'm almost there
    see you {time}
    see you at {event} {time}
    let's meet at the {kind} {time}
    let's have lunch in {city} {time}
    I miss you
    the code for the door is {number}{number}
    my new number ends in {number}
    the room is {number} on the second floor
    {first} is coming too
    {first} and I are going to {city}
    {first} says hello
    {first} broke {errand}
    I'm with {first} and we're {feeling}
    I feel {feeling} today
    I'm so {feeling} about {event}
    the {invented} order has arrived
    the report for {invented} is finished
    {invented} wants to talk to you {time}
    we need {errand} for {event}
    we ran out of {errand}
    the car is parked on level {number}
    I'm in row {number}
    it costs {number} dollars
    the meeting with {surname} went well
    {surname} signed the contract
    I'll call you back {time}
    I'll pick you up {time}
    I'll bring {errand} {time}
    I'd love to come to {event}
    sorry, I can't talk right this minute
    sorry about {event}
    no problem, take your time
    yes, that works for me
    no, I already have {errand}
    okay, {time} is fine
    thank you for {errand}
    thanks for coming to {event}
    we won {number} to {number}
    the kids are asleep
    the kids are at {event}
    grandma is doing better
    the doctor said everything is okay
    the flight lands {time}
    my flight to {city} is delayed by {number} minutes
    it's raining in {city}, take {errand}
    the wifi password is {invented}{number}
    use the back door, the front one is locked
    the keys are under the {errand} box
    {errand} and {errand} are on the table
    we should leave {time}
    I need {errand} {time}
    that was a great {kind}
    the {kind} closes {time}
    the {kind} in {city} was fully booked
    I found a nice {kind} called {invented}
    I saw {first} at the {kind}
    I got the job at {invented}
    I passed {event}
    I'm not feeling well, so no {event} for me
    the boss moved {event} to {time}
    I'll be home {time}
    I'm working from home {time}
    we're out of fuel close to {city}
    there was an accident on the way to {city}, I'm fine
    the invoice number is {number}{number}
    I'm wearing a green coat
    table {number} at {invented}
    we are {number} people
    traffic is terrible, start without me
    everything went according to plan
    I'm proud of you
    take the second exit after {city}
    the cat is hiding under the bed again
    remember {event} {time}
    gate {number} is closing soon
    I'll send the slides {time}
    the {invented} meeting is in room {number}
    your {invented} is ready
    I have a question about {event}
    I changed my mind about {errand}
    we moved to {number} {surname} Street`),
);
const questions = split(
  lines(`are you coming to {event}
    are you home
    where are you
    what time is {event}
    did you get {errand}
    did you talk to {first}
    can you pick me up {time}
    can you bring {errand}
    can you call me {time}
    could you send me {errand}
    do we need {errand}
    do you want anything from the {kind}
    do you have {errand}
    how was {event}
    how are you feeling
    when does {event} start
    when will you be in {city}
    what should I bring to {event}
    shall we meet {time}
    shall I buy {errand}
    who is coming to {event}
    is {first} with you
    is the {kind} open {time}
    have you seen {errand}
    have you eaten
    will you be at {event} {time}
    would you like to go to {city} with me
    how much was {errand}
    which {kind} do you mean
    why didn't you come to {event}
    are we still on for {event}
    do you know a good {kind} in {city}`),
);
const orders = split(
  lines(`bring {errand}
    buy {errand}
    call me {time}
    pick up {errand} from the {kind}
    wait at the {kind}
    meet me at the {kind} {time}
    book a table for {number}
    send me {errand}
    come to {event} {time}
    check {errand}
    be at the {kind} {time}
    start without me
    feed the cat
    lock the door
    turn off the oven
    take {errand} to {first}
    ask {first} about {event}
    pack {errand} and {errand}
    leave {errand} at the {kind}
    hurry up
    drive safely
    not forget {errand}
    move {event} to {time}
    water the plants
    get {errand} on the way
    tell {first} about {event}
    save me a seat at {event}
    let the dog out`),
);
const wonders = split(
  lines(`when {event} starts
    where the {kind} is
    what we need for {event}
    how {event} went
    who is bringing {errand}
    if {first} is coming to {event}
    if we need {errand}
    whether {event} is still on
    when the flight from {city} lands
    where {errand} is
    if {time} works
    what time {event} is
    why {first} left
    how much {errand} cost
    when you'll be in {city}
    if the {kind} is open {time}`),
);

const made = (patterns) =>
  both((which) => [(random) => typed(random, expand(random, random.pick(patterns[which]), parts(which)))]);

/** A question brings its mark where it was typed; the mark is not part of the text. */
const asked = both((which) => [
  (random) => {
    const is = typed(random, expand(random, random.pick(questions[which]), parts(which)));
    return random.chance(0.5) ? { say: `${is}?`, is } : is;
  },
]);

const told = made(statements);
/** Anything that may be sent: mostly statements. */
export const text = both((which) => [...told[which], ...told[which], ...told[which], ...asked[which]]);
export const statement = told;
export const order = made(orders);
export const wonder = made(wonders);
