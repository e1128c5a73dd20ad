// Advice and everyday matters, and what phones, cars and glasses could do, but not with these tools.

import { lines } from "../lists.mjs";

export const everyday = {
  weather: lines(`what's the weather
    what's the weather like
    how is the weather in {city}
    will it rain today
    will it rain on {day}
    do I need an umbrella
    is it going to snow
    how warm is it outside
    what's the temperature outside
    weather forecast
    weather in {city}
    what's the weather tomorrow
    is it sunny in {city}
    how windy is it
    when does the sun set
    when is sunrise
    is there a storm coming
    what's the forecast for {day}
    how cold will it get tonight
    will it be hot this weekend
    is it raining in {city}
    how humid is it
    what's the pollen count
    how is the air quality in {city}
    are the roads icy today`),
  clock: lines(`what time is it
    what's the time
    what time is it in {city}
    what day is it
    what's today's date
    what is the date
    which week is it
    how many days until Christmas
    how many days until {date}
    what day of the week was {date}
    when is Easter
    when is the next full moon
    is it a leap year
    what year is it
    how long until {clock}
    what time is it in {country}
    when do the clocks change
    which month has 28 days
    when is Thanksgiving
    is today a holiday
    what's the time difference to {city}
    tell me the time
    when does winter start
    how late is it
    what day is tomorrow`),
  calendar: lines(`what's on my calendar
    what's on my calendar on {day}
    what do I have on {day}
    when is my next appointment
    add a meeting with {person} on {day} at {clock}
    put dinner with {person} in my calendar
    schedule a meeting for {clock}
    move my appointment to {day}
    cancel my meeting with {person}
    am I free on {day}
    when is {person}'s birthday in my calendar
    create an event on {date}
    do I have anything tomorrow
    what time is my meeting
    invite {person} to the meeting
    show my schedule
    read me my agenda
    add {date} to my calendar
    when do I have to leave for my appointment
    decline the invitation from {person}
    plan a meeting with {person} and the team
    block {day} afternoon for me
    how busy am I this week
    put the concert on my calendar
    delete the event on {day}`),
  inbox: lines(`read my emails
    read my email
    do I have new mail
    check my inbox
    what did {person} write
    read the last message from {person}
    read my messages
    do I have any messages
    any new texts
    show my messages
    read that message to me
    did {person} reply
    delete this email
    forward this email to {person}
    mark all as read
    what's in the mail from {brand}
    open my inbox
    who wrote to me today
    how many unread emails do I have
    read me the news letter from {brand}
    find the email about the {thing}
    archive that
    block this sender
    read out my notifications
    what was the last message I got
    show me the chat with {person}`),
  news: lines(`what happened today
    what's in the news
    what's new in the world
    any news about {brand}
    tell me the headlines
    what are the headlines
    what happened in {country} today
    is there any breaking news
    what's going on in {city}
    what's the latest on {name}
    what's trending
    tell me the news about {team}
    what did {name} say yesterday
    is there a strike today
    what's the big story today
    did anything happen in {city}
    what is everyone talking about
    give me today's news
    summarise the news
    what are people saying about {brand}
    how did the vote go
    what's up with the economy
    was there an earthquake in {country}
    what's new in science
    what is going on with {name}`),
  food_orders: lines(`order a pizza
    order {food}
    order me {food}
    I want to order {food}
    get me {food} delivered
    order food
    order some sushi from {brand}
    order {small} burgers
    buy {food} for tonight
    order groceries
    order {small} coffees
    order the same as last time
    have {food} sent to my home
    where is my food delivery
    cancel my order
    reserve a table at {brand}
    book a table for {small} at {brand}
    make a reservation for {clock}
    get a table at {brand} for tonight
    tip the driver
    pay for my lunch
    order a coffee to pick up
    get me the menu and order {food}
    deliver flowers to {person}
    order a cake for {day}`),
  shopping: lines(`buy this
    buy this for me
    order this
    order {product}
    buy {product}
    buy me {product}
    add {product} to my cart
    put this in my basket
    pay for this
    buy {small} of these
    where is my parcel
    track my package
    when will my order from {brand} arrive
    return my order
    sell my {thing}
    what is the best {thing} on the market
    which is better, {brand} or {product}
    compare {brand} with {product}
    is {product} healthy
    how much is {product}
    what does {product} cost
    what's in {product}
    where is {product} made
    is {brand} a good brand
    how long does {product} keep
    who makes {product}
    do they still make {product}
    add milk to my shopping list
    what's on my shopping list
    put {thing} on the list`),
  cooking: lines(`how do I cook {food}
    how do I make {food}
    give me a recipe for {food}
    what's a good recipe for {food}
    what do I need for {food}
    how long does {food} take in the oven
    at what temperature do I bake {food}
    what can I cook with eggs and rice
    what should I cook tonight
    what goes with {food}
    how do I boil an egg
    how long do I boil pasta
    can I freeze {food}
    how do I know when chicken is done
    what can I use instead of butter
    how much salt goes into {food}
    how do I cut an onion
    is {food} easy to make
    a quick dinner idea
    what is umami
    how do I make {food} without milk
    which wine goes with {food}
    how do I keep bread fresh
    how do I sharpen a knife
    make a meal plan for the week
    how many calories has {food}`),
  health: lines(`what helps against {ill}
    what can I do about {ill}
    I have {ill}
    I have {ill}, what should I do
    what causes {ill}
    what are the symptoms of {ill}
    is {ill} dangerous
    how long does {ill} last
    should I see a doctor about {ill}
    what can I take for {ill}
    how much paracetamol may I take
    is ibuprofen safe
    how much sleep do I need
    how many calories should I eat
    how do I lose weight
    how do I gain muscle
    what's my heart rate
    how many steps have I walked today
    how do I quit smoking
    is coffee unhealthy
    what is a healthy breakfast
    how much water should I drink
    how do I fall asleep faster
    what vitamins do I need
    how do I get rid of {ill}
    am I pregnant
    how do I give first aid
    my tooth hurts
    my knee hurts
    I feel sick`),
  fitness: lines(`give me a workout
    make a training plan
    how do I do a push-up
    how do I run faster
    how many squats should I do
    how do I get a six-pack
    what's a good stretch for the neck
    how do I train for a marathon
    is yoga good for the back
    how do I swim better
    what burns more calories, running or cycling
    start a workout
    count my push-ups
    how often should I train
    which exercise is good for the legs
    how do I warm up before running
    what is interval training
    how long should I hold a plank
    what do I eat before a run
    track my run
    how far did I run today
    how do I lift weights
    what shoes do I need for running
    give me a ten minute exercise
    how do I improve my posture`),
  feelings: lines(`I feel {feeling}
    I'm feeling {feeling}
    I'm {feeling}
    I am so {feeling} today
    why am I always {feeling}
    what do I do when I'm {feeling}
    I had a bad day
    I had a great day
    nobody likes me
    I miss my friend {person}
    cheer me up
    I can't sleep
    I'm in love
    I think {person} hates me
    I broke up with {person}
    how do I tell {person} that I like her
    does {person} like me
    how do I make new friends
    how do I say sorry to {person}
    how do I get over {person}
    how do I deal with being {feeling}
    should I forgive {person}
    my friend is {feeling}, what can I say
    I'm afraid of the future
    I argued with {person}
    am I a good person
    give me some advice
    what should I do with my life`),
  chit_chat: lines(`my brother is visiting on {day}
    I'm reading a book about {knowledge}
    I like {animal}s
    my favourite colour is {colour}
    I bought a {colour} {thing}
    I was in {country} last year
    guess what happened to me
    today is my birthday
    I'm from {city}
    I work as an engineer
    {person} and I are friends
    do you like {food}
    do you have feelings
    do you dream
    do you love me
    what's your favourite colour
    what's your favourite food
    do you have a girlfriend
    how old are you
    where do you live
    are you happy
    what did you do yesterday
    do you believe in ghosts
    do you sleep
    will you marry me
    you are stupid
    I don't like you
    what do you think about {name}
    what do you think of {country}
    is {colour} a nice colour`),
  memory: lines(`what's my name
    remember that my name is {person}
    remember that I parked on level {small}
    where did I leave my keys
    where is my wallet
    what did I say before
    what did I ask you yesterday
    do you remember me
    take a note
    take a note: buy {thing}
    write down that I need a {thing}
    make a note about the {thing}
    show my notes
    add {thing} to my list
    make a list
    what's on my to-do list
    remind me to buy a {thing}
    remember the number {number}
    what's my phone number
    what's my address
    how old am I
    when is my birthday
    what's {person}'s number
    what's {person}'s address
    save this place
    forget what I said
    what was the name of that man I met
    keep this in mind: {word}`),
  camera: lines(`take a photo
    take a picture
    take a picture of this
    take a selfie
    snap a photo
    record a video
    start recording
    stop recording
    zoom in
    take a video of {person}
    show my photos
    share this picture
    delete the last photo
    post this photo
    read this sign
    read this text to me
    what does it say there
    read the menu out loud
    what's written on that wall
    describe what you see
    what do you see
    describe the room
    who is that person
    who is this man
    how many people are in the room
    what colour is this
    what kind of bird is that
    is this mushroom edible
    solve the equation on the board
    scan this QR code
    scan this document`),
  phone: lines(`turn on bluetooth
    turn off wifi
    turn on flight mode
    connect to the wifi
    connect to {brand}
    pair my headphones
    make the screen brighter
    dim the display
    turn on dark mode
    install the app {brand}
    open the app {brand}
    open {brand}
    close the app
    update the software
    restart the system
    reboot
    take a screenshot
    how much storage is left
    find my phone
    unlock my phone
    lock the screen
    change the language of the menu
    turn on do not disturb
    turn off notifications
    charge my phone
    how full is my phone's battery
    start the screen recording
    change my password
    log me in to {brand}
    reset to factory settings`),
  car_functions: lines(`turn on the wipers
    wipers on
    turn off the wipers
    turn on the headlights
    lights on
    switch on the fog lights
    turn on the high beam
    lock the doors
    unlock the car
    lock the car
    open the trunk
    open the boot
    close the tailgate
    open the glove box
    honk the horn
    fold the mirrors
    adjust the mirrors
    start the engine
    stop the engine
    park the car
    park by yourself
    turn on cruise control
    set the cruise control to {number}
    switch to sport mode
    eco mode
    turn on the interior light
    move my seat back
    raise the seat
    adjust the steering wheel
    turn on the ambient light in {colour}
    open the charging flap
    open the fuel cap
    turn on the blinker
    change lanes
    turn on lane assist
    show the rear camera`),
  car_facts: lines(`how many horsepower does a {car} have
    how fast is a {car}
    how fast does a {car} go
    how much does a {car} cost
    who makes the {car}
    is a {car} a good car
    which is better, a {car} or a bicycle
    where is {car} from
    when was {car} founded
    how big is the boot of a {car}
    how safe is a {car}
    which car should I buy
    should I buy an electric car
    what is the best car in the world
    what's the fastest car
    which {car} is the most reliable
    how many seats does a {car} have
    how long does a car battery live
    how heavy is a {car}
    what does {car} mean
    who invented the car
    how does a hybrid car work
    what's the difference between diesel and petrol
    how many cars are there in {country}
    how much fuel does a {car} use
    how loud is a {car}
    what is the range of a new {car}
    does {car} build electric cars`),
  car_care: lines(`how do I change a {car_part}
    how do I change a tyre
    how do I replace a {car_part}
    how much is a new {car_part}
    when should I replace the {car_part}
    where is the {car_part}
    what does a {car_part} do
    how do I check the oil
    which oil do I need
    how do I jump-start a car
    how do I clean the leather
    how do I get scratches out of the paint
    how often should I wash my car
    which tyres are best for winter
    when should I put on winter tyres
    how do I tow a car
    how do I open the bonnet
    what fuel does this car take
    how do I drive in snow
    how do I parallel park
    how do I save fuel
    when is my next service
    make an appointment with the garage
    my car makes a strange noise
    my car won't start
    the engine smells burnt
    my {car_part} is broken
    how do I fit a child seat
    how do I remove a sticker from the window`),
  traffic: lines(`is there a lot of traffic
    how is the traffic
    is the motorway free
    how long is the jam
    is there an accident ahead
    what's the speed limit here
    how fast am I going
    where am I
    which street is this
    what town is this
    how high are we
    which direction is north
    how far is it to {city}
    how long does it take to {city}
    how many kilometres is {city} from {country}
    when will I arrive
    what's my arrival time
    how long until we're there
    are we there yet
    what's the next exit
    where did I park
    pay for parking
    how much is the toll
    order a taxi
    get me a taxi
    call me a cab
    book a ride to {city}
    when does the next train leave
    is the train on time
    where is {person} right now
    share my location with {person}
    show me pictures of {city}`),
  travel: lines(`what should I see in {city}
    is {city} worth a visit
    what is {city} known for
    when is the best time to visit {country}
    do I need a visa for {country}
    is {country} safe
    what should I pack for {country}
    how expensive is {country}
    plan a trip to {country}
    plan {small} days in {city}
    which vaccinations do I need for {country}
    where should I go on holiday
    what do people eat in {country}
    how do you greet people in {country}
    is it polite to tip in {country}
    what is the best beach in {country}
    how long is the flight to {city}
    how do I beat jet lag
    can you drink the water in {country}
    what souvenirs can I bring from {country}
    which plug do they use in {country}
    tell me about the nightlife in {city}
    where do the locals eat in {city}
    what is the weather like in {country} in summer
    suggest a road trip
    which is nicer, {city} or the mountains`),
  music_facts: lines(`who sang [Yesterday|Thriller|Imagine|Africa]
    who sings this song
    what song is this
    what's playing
    what is this song called
    which album is this from
    when did {famous} write this
    how old is {name} the singer
    who is the drummer of {brand}
    what are the lyrics of this song
    how many albums has {name} made
    when does {name} go on tour
    buy tickets for {name}
    is {name} still making music
    who wrote the music of {brand}
    what instrument is that
    how many strings does a violin have
    teach me the guitar
    which singer is the best
    what year is this song from
    who won the song contest in {year}
    add this song to my playlist
    like this song
    save this song
    what was the song before called`),
  home_life: lines(`how do I get a stain out of a {thing}
    how do I wash a {material} blanket
    how do I iron a shirt
    how do I fold a shirt
    how do I clean {material}
    how do I get rid of ants
    how do I pack a suitcase
    how do I tie a knot
    how do I wrap a present
    how do I light a fire
    how do I build a tent
    how do I peel a mango
    how do I open a bottle without an opener
    what's the best way to move house
    how do I sleep on a plane
    how do I remove chewing gum
    how do I sharpen scissors
    how much is a flat in {city}
    how do I find a flat
    how do I save on heating bills
    how do I clean my glasses
    how do I store potatoes
    what do I do with old {thing}s
    how do I make a candle`),
  education: lines(`what do I need to study {knowledge}
    which university is the best
    how do I become a doctor
    how do I become a pilot
    what does an architect do
    how much does a nurse earn
    how do I prepare for an exam
    how do I memorise vocabulary
    explain fractions
    check my homework
    give me an exercise about {knowledge}
    test me on {knowledge}
    how long does it take to study medicine
    what's the best way to learn maths
    what is a PhD
    help me study for my test on {knowledge}
    make flashcards about {knowledge}
    how do I cite a book
    what is the {small}th letter of the alphabet
    what are the prime numbers up to {number}
    how do I get a scholarship
    which subjects are hard
    explain long division`),
  crowds: lines(`talk about {word}
    the {animal} in {country}
    {knowledge} and {plain_word}
    {name}
    I wonder about {knowledge}
    so what about {country}
    and {knowledge}?
    what about {animal}s
    talk to me about {famous}
    let's talk about {knowledge}
    let's discuss {country}
    your opinion on {knowledge}
    compare {country} and {famous}
    list {small} facts about {country}
    list {small} things about {animal}s
    give me {small} reasons to visit {country}
    the top {small} cities of {country}
    top ten {animal}s
    name {small} famous people from {country}
    name {small} things that are {colour}
    what's better, {plain_word} or {colour}
    why {plain_word}
    is it true that {animal}s are {colour}
    what if there were no {animal}s
    imagine you were a {animal}
    convince me that {knowledge} matters
    how would you explain {knowledge} to a child
    what would happen without {knowledge}`),
};
