// Texts, code, ideas and play: what people ask a chatbot to make.

import { lines } from "../lists.mjs";

export const writing = {
  poems: lines(`write a poem about {hero}
    write a {genre} poem about {hero}
    write me a poem
    write a haiku about {hero}
    compose a poem for {person}
    write a limerick about {hero}
    make up a rhyme about {hero}
    write a {genre} song about {hero}
    write song lyrics about {hero}
    give me a verse about {hero}
    can you write poetry
    write a sonnet about {hero}
    recite a poem
    a poem about {hero} please
    write a birthday poem for {person}
    write a love poem
    finish this poem: roses are red
    invent a {genre} ballad
    rap about {hero}
    make a rhyme with {plain_word}
    turn this into a poem: {plain_word} and {word}
    write four lines about {hero}
    improve my poem
    write a wedding verse for {person}
    say something poetic about {hero}`),
  stories: lines(`tell me a story
    tell me a story about {hero}
    tell me a {genre} story
    write a story about {hero}
    write a {genre} story about {hero}
    write a short story
    write a fairy tale about {hero}
    make up a story with {hero}
    once upon a time there was {hero}, go on
    continue the story
    write the first chapter of a novel about {hero}
    invent a character for my novel
    write a dialogue between {hero} and a cat
    write a script about {hero}
    give me a plot for a {genre} film
    write a scene in which {person} meets {hero}
    tell the kids something about {hero}
    write a ghost story
    describe a sunset
    write a fable about a {animal}
    how should my story end
    write a {genre} ending
    give me a name for my hero
    write a monologue for {person}
    tell a {genre} tale of {hero}`),
  essays: lines(`write an essay about {knowledge}
    write {number} words about {knowledge}
    write a report on {knowledge}
    write an article about {country}
    write a paragraph about {famous}
    write a blog post about {hero}
    write an introduction on {knowledge}
    write a conclusion for my essay
    help me with my essay on {famous}
    write my homework
    do my homework
    help me with my homework
    write a speech for {person}'s birthday
    write a toast for the wedding of {person}
    write a presentation about {knowledge}
    outline a talk about {knowledge}
    write a press release for {brand}
    write a product description for {brand}
    write a slogan for {brand}
    write an ad for {brand}
    write a review of {brand}
    make bullet points about {knowledge}
    give me arguments for and against {knowledge}
    write a thesis statement on {knowledge}
    find a title for my essay`),
  letters: lines(`write an email to {brand} to complain
    write a letter to {name}
    write a formal letter to {brand}
    draft an email about the {thing}
    write a complaint about {brand}
    write an apology letter
    write a letter of resignation
    write a cancellation for my {brand} contract
    answer the email from {name}
    improve this email
    make this text more polite
    write a recommendation for {name}
    write a thank-you card
    write a Christmas card text
    write an invitation to my party
    write a newsletter for {brand}
    write a tweet about {knowledge}
    write a post about {hero}
    give me a caption for my photo of the sea
    write a dating profile for me
    write a condolence letter
    write a letter to Santa
    rewrite this paragraph
    shorten this text for me
    proofread my letter`),
  summaries: lines(`summarise this text
    summarise this article
    summarise the book {brand}
    summarise what {name} said yesterday
    give me a summary of {knowledge}
    what are the main points of this article
    make this shorter
    make this longer
    paraphrase this: the {thing} is {colour}
    rephrase this sentence
    explain this text
    simplify this paragraph
    extract the names from this text
    turn this into a table
    sort this list: {plain_word}, {word}
    put these in alphabetical order: {plain_word}, {word}
    count the words in this sentence
    translate this letter: dear {person}
    translate this sentence: the {thing} is {colour}
    translate the word {plain_word} to {tongue}
    what is the tone of this text
    is this text positive or negative
    classify this sentence
    write this in capitals: {plain_word}`),
  code: lines(`write a function in {code} that {task}
    write {code} code that {task}
    write a {code} program that {task}
    write a script that {task}
    how do I write a loop in {code}
    show me a {code} program that {task}
    write hello world in {code}
    what is a variable in {code}
    fix this code
    why does my {code} code not compile
    debug my {code} program
    explain this {code} code
    what does NullPointerException mean
    how do I install {code}
    how do I sort a list in {code}
    what is a class in {code}
    is {code} better than the others
    teach me {code}
    convert this function to {code}
    write a regular expression for phone numbers
    write a unit test in {code}
    write an SQL query for all customers from {country}
    build me a website for {brand}
    how do I use git
    undo my last commit
    what is recursion
    optimise this {code} function
    which programming language should I learn
    how do I center a div
    make an app that {task}`),
  ideas: lines(`give me a name for my [company|boat|band|cafe|baby|blog]
    brainstorm names for a {brand} shop
    give me {small} ideas for a party
    what should I give {person} as a present
    a present idea for my mother
    what can I do this weekend
    I'm bored, what can I do
    give me a business idea
    give me a topic for my talk
    what should I write about
    suggest a hobby for me
    what colour should I paint my room
    give me a theme for the party
    how do I celebrate my birthday
    what should we play at the party
    give me an icebreaker
    suggest a nickname for {person}
    what's a good password idea
    give me a motto
    what should I draw
    what can I make from {material}
    give me a costume idea
    give me an idea for a date
    plan my week
    make a list of things to pack for {country}`),
  jokes: lines(`tell me a joke
    tell a joke
    make me laugh
    tell me something funny
    do you know a joke about a {animal}
    another joke
    tell me a pun
    knock knock
    tell me a dad joke
    tell me a fun fact
    say something interesting
    entertain me
    tell me a secret
    sing a song
    sing for me
    rap something
    beatbox
    imitate a {animal}
    make a {animal} sound
    tell me a tongue twister
    give me a quote of the day
    inspire me
    say something nice
    give me a compliment
    insult me
    surprise me`),
  games: lines(`let's play a game
    play a game with me
    let's play twenty questions
    let's play hangman
    play tic tac toe with me
    I spy with my little eye
    quiz me
    ask me a trivia question
    let's play truth or dare
    flip a coin
    toss a coin
    roll a die
    roll two dice
    pick a number between 1 and {number}
    give me a random number
    think of a number
    choose for me: {plain_word} or {word}
    heads or tails
    rock paper scissors
    draw a card
    guess my age
    guess what I'm thinking
    let's play word association
    pretend you are {famous}
    act as a pirate
    role-play a {genre} scene with me
    you are now a {animal}
    talk like {famous}`),
  work: lines(`write a business plan for {brand}
    how do I start a company
    how do I market {brand}
    what is a good price for my product
    how do I run a meeting
    how do I motivate my team
    write a project plan
    make an agenda for the meeting on {day}
    how do I give feedback to {person}
    how do I ask my boss for more money
    how do I stop procrastinating
    how do I organise my day
    how do I learn faster
    how do I remember names
    how do I speak in public
    what is agile
    what does a {brand} consultant do
    analyse the market for {product}
    write a SWOT analysis of {brand}
    how do I write an invoice
    make a spreadsheet of my costs
    draw a chart of the sales in {year}
    who are the competitors of {brand}
    what's a good work-life balance
    what is the best way to take notes`),
};
