// Questions of knowledge: no search was asked for.

import { lines } from "../lists.mjs";

export const knowledge = {
  geography: lines(`what is the capital of {country}
    what's the capital of {country}
    how many people live in {country}
    how big is {country}
    where is {country}
    which countries border {country}
    what language do they speak in {country}
    which continent is {country} on
    what is the longest river in {country}
    what is the highest mountain in [the world|Europe|Africa|{country}]
    is {city} bigger than Tromsk
    what currency does {country} have
    what is the flag of {country}
    name the largest cities in {country}
    how many islands belong to {country}
    which ocean is the deepest
    what is {country} known for
    how far is {city} from the sea
    in which country is {city}
    tell me something about {country}
    what are the neighbours of {country}
    which country has the most [people|lakes|islands|volcanoes]
    what is the smallest country in the world
    how many countries are there in [Africa|Asia|Europe]
    is {country} an island
    which river flows through {city}
    what's the time zone of {country}
    name three cities in {country}
    what is the population of {city}
    is {city} the capital of {country}`),
  history: lines(`who was {famous}
    when was {famous} born
    when did {famous} die
    what did {famous} do
    what is {famous} famous for
    what happened in {year}
    when did the [first|second] world war [start|end]
    who won the battle of Waterloo
    tell me about {famous}
    tell me about the history of {country}
    when did the Roman Empire fall
    why did the Berlin Wall come down
    who discovered America
    who built the pyramids
    who was the first [president|king|emperor] of {country}
    how did {famous} die
    was {famous} a good person
    what caused the French Revolution
    when was {country} founded
    who ruled {country} in {year}
    when was the printing press invented
    explain the cold war
    why did the Vikings go to sea
    what was the Black Death
    who invented the [telephone|light bulb|wheel|steam engine|aeroplane]
    how old was {famous} when he died
    what would {famous} say today
    where did {famous} live
    summarise the life of {famous}
    did {famous} have children`),
  science: lines(`what is {knowledge}
    explain {knowledge}
    explain {knowledge} to me
    explain {knowledge} like I'm five
    how does {knowledge} work
    tell me about {knowledge}
    why is {knowledge} important
    what do you know about {knowledge}
    can you explain {knowledge}
    give me a definition of {knowledge}
    who discovered {knowledge}
    what causes {knowledge}
    what is the difference between {knowledge} and magic
    I don't understand {knowledge}
    help me understand {knowledge}
    what are examples of {knowledge}
    teach me about {knowledge}
    is {knowledge} real
    why is the sky blue
    why is the sea salty
    why does ice float
    how fast is light
    at what temperature does water boil
    why do we dream
    why do leaves fall in autumn
    why do magnets stick
    how do planes stay in the air
    what are the basics of {knowledge}
    describe {knowledge} in one sentence
    how do you measure {knowledge}`),
  chemistry: lines(`what is the chemical symbol of [gold|iron|silver|sodium|lead]
    what is water made of
    what happens if I mix vinegar and baking soda
    how many elements are there
    what is the atomic number of [carbon|oxygen|helium]
    what is an acid
    why does iron rust
    what is the formula of [salt|sugar|methane|ammonia]
    is [mercury|gold|wood] a metal
    what is in the air
    what's the pH of [lemon juice|water|milk|soap]
    balance this equation H2 + O2
    what is the heaviest element
    what is a catalyst
    how do you make soap from fat
    what's the difference between an atom and a molecule
    why does soap clean
    what is the melting point of [iron|gold|chocolate|lead]
    what burns with a green flame
    why does bread rise
    explain the periodic table
    what is the noble gas with the lowest mass
    what makes fireworks colourful
    how is glass made
    how is plastic made`),
  animals: lines(`how long does a {animal} live
    what does a {animal} eat
    how fast is a {animal}
    how heavy is a {animal}
    where do {animal}s live
    are {animal}s dangerous
    how many teeth does a {animal} have
    can a {animal} swim
    tell me a fact about the {animal}
    tell me about {animal}s
    is a {animal} a mammal
    what sound does a {animal} make
    how do {animal}s sleep
    what is a baby {animal} called
    who would win, a {animal} or a bear
    how big is a {animal}
    why do {animal}s travel in groups
    do {animal}s have a good memory
    how many kinds of {animal} are there
    are {animal}s endangered
    what is the fastest animal
    what is the largest animal in the sea
    which animal sleeps the most
    why do birds migrate
    why do cows have four stomachs
    how do bees make honey
    how many legs does a lobster have
    is a tomato a fruit
    which tree grows the oldest`),
  astronomy: lines(`how far away is the [moon|sun|nearest star]
    how many planets are there
    how big is [Jupiter|Mars|the sun|Saturn]
    how many moons does [Jupiter|Saturn|Mars] have
    why does the moon change shape
    is there life on [Mars|other planets]
    how old is the universe
    how hot is the sun
    what is the biggest planet
    what is a light year
    who was the first person in space
    who was the first man on the moon
    when will the next solar eclipse be
    when is full moon
    what is that bright star
    which planet is closest to the sun
    why is Pluto not a planet
    how long does it take to fly to Mars
    what is inside a black hole
    how fast does the earth turn
    how many stars are in the Milky Way
    what are Saturn's rings made of
    why is Mars red
    could we live on the moon
    how do rockets work in a vacuum
    what is the space station doing right now`),
  arithmetic: lines(`what is {number} plus {small}
    what's {number} times {small}
    {number} plus {small}
    {number} minus {small}
    {number} times {small}
    {number} divided by {small}
    {number} + {small}
    {number} * {small}
    {number} / {small}
    {number} - {small} = ?
    how much is {number} times {small}
    how much is {number} minus {small}
    calculate {number} times {small}
    calculate {small} percent of {number}
    what is {small} percent of {number}
    what's the square root of {number}
    what is {small} squared
    {small} to the power of 3
    add {number} and {small}
    subtract {small} from {number}
    multiply {number} by {small}
    divide {number} by {small}
    is {number} a prime number
    half of {number}
    round {number} to the nearest ten
    what's the average of {number} and {small}
    double {number}
    a tip of {small} percent on {number}
    what's {number} in binary
    solve x + {small} = {number}`),
  word_problems: lines(`if I have {number} apples and eat {small}, how many are left
    a train leaves at 8 and drives {small} hours, when does it arrive
    I bought {small} pens for {number} dollars, how much is one
    split {number} dollars between {small} people
    if {small} workers need {number} days, how long does one need
    how many minutes are in {small} hours
    how many days are {number} hours
    how many seconds has a day
    how old am I if I was born in {year}
    {person} is twice as old as his sister, how old are they together
    a shirt costs {number} and is {small} percent off, what do I pay
    if I save {number} a month, how much do I have in {small} years
    what's the area of a circle with radius {small}
    what is the volume of a cube of side {small}
    how many combinations are there for {small} letters
    what's the probability of rolling two sixes
    how much interest do I get on {number} at {small} percent
    what do I pay per litre if {small} litres cost {number}
    how long does it take to walk {small} kilometres at normal speed
    how many tiles do I need for {number} square metres
    compute the derivative of x squared
    integrate x from 0 to {small}
    prove that the square root of two is irrational
    what is pi to ten digits
    explain Pythagoras' theorem`),
  units: lines(`how many {unit} are {number} {other_unit}
    convert {number} {unit} to {other_unit}
    convert {number} {unit} into {other_unit}
    what is {number} {unit} in {other_unit}
    {number} {unit} in {other_unit}
    {number} {unit} to {other_unit}
    how much is {number} {unit} in {other_unit}
    how many {unit} is that in {other_unit}
    what's {number} {unit} converted to {other_unit}
    turn {number} {unit} into {other_unit}
    how many {unit} in a {small}-pack
    is a mile longer than a kilometre
    how many grams are in an ounce
    how many feet are in a mile
    how long is an inch
    how many litres is a gallon
    what is {small} degrees Celsius in Fahrenheit
    how many cups make a litre
    how many {unit} is one of the {other_unit}
    give me {number} {unit} in metric
    express {number} {unit} in {other_unit}
    how tall is {small} feet in metres
    how heavy is {number} {unit}
    unit conversion: {number} {unit}
    how many {unit} go into {number} {other_unit}`),
  money: lines(`how much is {number} {currency} in {other_currency}
    convert {number} {currency} to {other_currency}
    {number} {currency} in {other_currency}
    what's the exchange rate of {currency} to {other_currency}
    how many {currency} do I get for {number} {other_currency}
    what is the {currency} worth today
    change {number} {currency} into {other_currency}
    is the dollar strong right now
    what's the price of gold
    how much is a bitcoin
    what's the {brand} stock at
    how are the stocks doing
    should I buy {brand} shares
    should I invest in [gold|bitcoin|funds|real estate]
    how do I save money
    how much should I put away each month
    what is a good interest rate
    how do mortgages work
    should I take a loan of {number} {currency}
    what's my account balance
    how much money do I have
    pay my bill
    transfer {number} {currency} to {person}
    send {person} {number} {currency}
    how do I get out of debt
    make a budget for {number} {currency} a month
    what is a bond
    explain the stock market
    which bank is the best`),
  words: lines(`what does {word} mean
    what does the word {word} mean
    define {word}
    what is the meaning of {word}
    what's another word for {word}
    give me a synonym for {word}
    what is the opposite of {word}
    how do you spell {word}
    spell {word}
    use {word} in a sentence
    how many syllables does {word} have
    where does the word {word} come from
    is {word} a real word
    how do you pronounce {word}
    what rhymes with {plain_word}
    how many letters are in {word}
    give me a word that starts with [q|z|k|w]
    what is the longest word in English
    explain the word {word}
    what do people mean by {word}
    what does the saying break a leg mean
    what does [LOL|ASAP|NATO|DNA|FOMO] stand for
    what are five words for {plain_word}
    make an anagram of {plain_word}`),
  languages: lines(`how do you say {plain_word} in {tongue}
    what is {plain_word} in {tongue}
    what's the {tongue} word for {plain_word}
    what does {plain_word} mean in {tongue}
    say hello in {tongue}
    how do I say thank you in {tongue}
    how do I order coffee in {tongue}
    teach me {tongue}
    teach me some {tongue}
    is {tongue} hard to learn
    how many people speak {tongue}
    how do you count to ten in {tongue}
    how do I learn {tongue} quickly
    write good morning in {tongue}
    what is the {tongue} alphabet
    give me {small} useful phrases in {tongue}
    I want to practise {tongue} with you
    let's talk in {tongue}
    quiz me on {tongue} vocabulary
    how is {plain_word} pronounced in {tongue}
    where is {tongue} spoken
    what is goodbye in {tongue}
    is {tongue} related to Latin
    how long does it take to learn {tongue}`),
  films: lines(`who directed [Titanic|Jaws|Inception|Amelie|Parasite]
    what is the film {brand} about
    who plays in {brand}
    how does [Titanic|the film|the series|Casablanca] end
    recommend me a film
    what should I watch tonight
    is {brand} a good film
    which film won the Oscar in {year}
    how many seasons has {brand}
    when does season {small} of {brand} come out
    what's the best film of all time
    who is your favourite actor
    tell me the plot of {brand}
    name three films with dinosaurs
    what's on TV tonight
    which series is like {brand}
    how long is the film {brand}
    quote a line from Casablanca
    who played James Bond first
    explain the ending of {brand}
    is the film {brand} for children
    rate the film {brand}
    who wrote the music for Star Wars
    what was the first film ever made
    give me a film trivia question`),
  books: lines(`who wrote [Hamlet|Faust|Moby Dick|Don Quixote|1984|Emma]
    what is the book {brand} about
    recommend me a book
    what should I read next
    summarise [Hamlet|Moby Dick|Faust|War and Peace]
    how does {brand} by {name} end
    what's the best book on {knowledge}
    when was {brand} by {name} published
    how many pages has War and Peace
    who is the author of {brand}
    what is the first line of Moby Dick
    is {brand} worth reading
    which books did {famous} write
    who won the Nobel prize for literature in {year}
    what genre is {brand}
    name a good crime novel
    tell me a good book for the holidays
    explain the ending of 1984
    who is the main character of {brand}
    what is the moral of the story {brand}
    how many Harry Potter books are there
    who is your favourite writer
    give me a quote by {famous}
    what are the themes of Hamlet
    read me a page of Moby Dick`),
  people: lines(`how old is {name}
    who is {name}
    where does {name} live
    is {name} married
    how rich is {name}
    how tall is {name}
    what is {name} famous for
    what does {name} do for a living
    is {name} still alive
    when is {name}'s birthday
    who is the president of {country}
    who is the king of {country}
    who runs {brand}
    who is the richest person in the world
    what films has {name} been in
    did {name} win a Grammy
    who is {name} dating
    what is the real name of {name}
    which team does {name} play for
    tell me about {name}
    who is more famous, {name} or {famous}
    what happened to {name}
    did {name} really say that
    who founded {brand}
    where was {name} born`),
  politics: lines(`who won the election in {country}
    who should I vote for
    what do you think of the government
    what does a senator do
    how does the parliament of {country} work
    when are the next elections in {country}
    is {country} a democracy
    why is there war
    what is the European Union
    what is NATO
    which party is the best
    what's the political system of {country}
    what do you think about {name}'s politics
    explain the difference between left and right
    who is the prime minister of {country}
    how many members has the parliament of {country}
    what is a referendum
    should voting be compulsory
    why did Britain leave the EU
    what is the United Nations
    is nuclear power good or bad
    do you support {name}
    how is a president elected
    what are human rights
    what is communism`),
  philosophy: lines(`what is the meaning of life
    does god exist
    do we have free will
    what is happiness
    what is the difference between right and wrong
    what is consciousness
    what would {famous} think about it
    what did {famous} believe
    explain the philosophy of {famous}
    what happens after death
    what is truth
    is time an illusion
    why is there something rather than nothing
    what is beauty
    what do Buddhists believe
    what is Ramadan
    why do people pray
    what is the difference between Catholics and Protestants
    what is karma
    is lying always wrong
    what is a soul
    is the trolley problem solvable
    who was Buddha
    tell me about Zen
    how many religions are there
    what is love`),
  sports: lines(`who won the match between {team} and the others
    how did {team} play
    did {team} win
    what's the score of {team}
    when does {team} play next
    who is the best player of {team}
    who won the world cup in {year}
    how many players are in a [football|rugby|volleyball|basketball] team
    what are the rules of [cricket|tennis|curling|rugby]
    who holds the record for the 100 metres
    how long is a marathon
    who is the coach of {team}
    what is offside
    how many goals did {name} score
    where do {team} play
    which team is first in the league
    who has won the most Grand Slams
    is {team} better than the rest
    who will win the league
    when are the next Olympics
    how heavy is a bowling ball
    how do I serve in tennis
    explain the offside rule
    how many sets are there in tennis
    what happened in the {team} game yesterday`),
  art: lines(`who painted the Mona Lisa
    who painted [the Scream|Guernica|Sunflowers|the Starry Night]
    what is impressionism
    tell me about {famous}'s paintings
    how much is the Mona Lisa worth
    what is the style of this building called
    explain cubism
    who built the Sagrada Familia
    what is Gothic architecture
    how do I draw a {animal}
    draw me a {animal}
    paint a picture of {hero}
    make an image of a {animal}
    generate a picture of {hero}
    what colours make green
    how do I mix purple
    what is a fresco
    teach me to draw
    which museum has the Mona Lisa
    who is a famous sculptor
    what is modern art about
    design a logo for {brand}
    create a poster for {brand}
    what is calligraphy
    how do I take better photographs`),
  engineering: lines(`how does a [fridge|microwave|laser|jet engine|elevator|printer|touchscreen|battery] work
    how does an electric motor work
    how does a combustion engine work
    how does GPS work
    how does wifi work
    how do solar panels work
    how are bridges built
    how does a nuclear power plant work
    how does a gearbox work
    what is a transistor
    what is a heat pump
    how does noise cancelling work
    what is inside a smartphone
    how does a radar work
    how do self-driving cars see
    why do wheels look like they turn backwards
    who makes the best engines
    how strong is {material}
    is {material} stronger than steel
    how is {material} made
    how do wind turbines make power
    how does 3D printing work
    how do glasses correct vision
    what is torque
    explain horsepower`),
  technology: lines(`what is artificial intelligence
    what is a large language model
    how do neural networks learn
    what is the cloud
    what is 5G
    which phone should I buy
    is {brand} better than an iPhone
    what is a VPN
    how do I make a strong password
    is my password {brand}{small} safe
    what is open source
    who invented the internet
    what is a virus on a computer
    which laptop is best for students
    what is the difference between RAM and storage
    how do I speed up my computer
    my laptop won't start
    how do I reset my router
    my printer does not print
    how do I back up my photos
    how do I install Linux
    what is the best browser
    how do I connect my headphones to my laptop
    why is my wifi so slow
    how do I recover a deleted file
    what does error {number} on my computer mean
    how do I make a table in Excel`),
  environment: lines(`what is climate change
    how can I live more sustainably
    is plastic bad for the sea
    how do I separate my rubbish
    how much CO2 does a flight make
    are electric cars really clean
    why are the bees dying
    how much rainforest is left
    what is renewable energy
    how do I save energy
    how do I save water
    what can I do against global warming
    which is greener, the train or the plane
    what is a carbon footprint
    how warm will the world be in 2100
    why are the glaciers melting
    what happens to old batteries
    is organic food better for the planet
    how long does plastic take to rot
    why is the coral dying
    which country uses the most coal
    is hydrogen the future
    how are solar panels recycled
    what is the ozone hole
    how much waste does a person make`),
};
