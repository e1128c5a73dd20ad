// Requests that lack something: a short question, the user's next turn, the call.

import { lines } from "./lists.mjs";

const ask = (tool, call, reply, then, train, heldout, next) => ({
  train: { tool, say: lines(train), reply: lines(reply), then: lines(then), call, next },
  heldout: { tool, say: lines(heldout), reply: lines(reply), then: lines(then), call, next },
});

const toSend = "What should I write?\nWhat should the message say?\nWhat is the message?";

const all = [
  ask(
    "navigate",
    { destination: "{destination}" },
    "Where to?\nWhere would you like to go?\nTo which place?",
    "{destination}\n{destination}\nto {destination}\nto {destination}, please\n[take me to|let's go to|I want to go to] {destination}\n{destination}, please\nTo {destination}.",
    `navigate
    start navigation
    start the navigation
    give me directions
    directions
    I need directions
    take me somewhere
    take me there
    guide me
    show me the way
    start a route
    plan a route
    new destination
    enter a new destination
    set a destination
    set the destination
    I want to go somewhere
    I need to get somewhere
    change the destination
    navigation
    open the navigation
    let's go
    drive me
    I need a route`,
    `help me find my way
    begin guidance
    get me a route
    I'd like to enter a destination
    route guidance`,
  ),
  ask(
    "navigate",
    { destination: "{destination}", mode: "walking" },
    "Where to?\nWhere would you like to walk to?",
    "{destination}\nto {destination}\n{destination}, please",
    "I want to walk\nwalking directions\nI need walking directions\ngive me a walking route\nlet's walk\nnavigate on foot",
    "plan a route for walking\nI'm going on foot, guide me",
  ),
  ask(
    "navigate",
    { destination: "{destination}", mode: "transit" },
    "Where to?\nWhere would you like to go by public transport?",
    "{destination}\nto {destination}\n{destination}, please",
    "I want to take the bus\nI'd like to go by train\ntransit directions\nwhich bus do I take\nnavigate by public transport\nI want to take the metro",
    "plan a trip by public transport\nI'm going by train, guide me",
  ),
  ask(
    "draft_message",
    { recipient: "{recipient}", text: "{text}" },
    toSend,
    "{text}\n{text}\n{text}\nsay {text}\nwrite {text}\n{text}",
    `send a message to {recipient}
    send {recipient} a message
    text {recipient}
    message {recipient}
    write to {recipient}
    write {recipient} a message
    write a message to {recipient}
    write a text to {recipient}
    send a text to {recipient}
    send {recipient} a text
    I want to text {recipient}
    I need to message {recipient}
    I want to write to {recipient}
    I'd like to send {recipient} a message
    draft a message to {recipient}
    compose a message to {recipient}
    new message to {recipient}
    message to {recipient}
    reply to {recipient}
    answer {recipient}
    tell {recipient} something
    let {recipient} know`,
    `get a message ready for {recipient}
    I have to write something to {recipient}
    start a text to {recipient}
    I'd like to tell {recipient} something`,
  ),
  ask(
    "draft_message",
    { recipient: "{recipient}", text: "{text}" },
    "To whom?\nWho is it for?\nWho should get it?",
    "{recipient}\n{recipient}\nto {recipient}\nto {recipient}, please\nfor {recipient}",
    `send a message
    write a message
    draft a message
    compose a message
    new message
    I want to send a message
    I need to write a message
    I'd like to send a text
    send a text
    write a text
    send a text message
    compose a text
    message someone
    text someone
    write to someone
    message
    create a message
    start a new message
    let's write a message`,
    `help me write a message
    I have a message to send
    prepare a text
    get a new message going`,
    { reply: lines(toSend), then: lines("{text}\n{text}\n{text}\nwrite {text}") },
  ),
  ask(
    "draft_message",
    { recipient: "{recipient}", text: "{statement}" },
    "To whom?\nWho should get it?\nWho is it for?",
    "{recipient}\nto {recipient}\n{recipient}, please\nfor {recipient}",
    `send a message that {statement}
    send a message saying {statement}
    write a message saying {statement}
    write that {statement}
    send a text that {statement}
    text that {statement}
    draft a message saying {statement}
    send: {statement}
    write a message: {statement}`,
    `put in a message that {statement}
    get a text out saying {statement}`,
  ),
  ask(
    "search_web",
    { query: "{query}" },
    "What should I search for?\nWhat would you like to look up?\nSearch for what?",
    "{query}\n{query}\nfor {query}\n{query}, please\nsearch for {query}\nlook for {query}",
    `search the web
    search
    search the internet
    search online
    do a web search
    do a search
    web search
    I want to search for something
    search for something
    look something up
    look up something
    google something
    google
    I want to google something
    I need to look something up
    can you look something up
    look it up online
    open a web search
    start a search
    I'd like to search the web
    find something online
    internet search`,
    `help me find something on the internet
    I have something to google
    begin a web search
    could you check something online`,
  ),
  ask(
    "translate_caption",
    { language: "{language}" },
    "Into which language?\nWhich language?\nIn which language?",
    "{language}\n{language}\ninto {language}\nin {language}\nto {language}\n{language}, please\ninto {language}, please",
    `translate
    translate this
    translate that
    translate what she says
    translate what he is saying
    translate for me
    turn on captions
    turn on subtitles
    turn on the captions
    captions
    captions on
    subtitles
    subtitles on
    show captions
    show subtitles
    show me subtitles
    start captions
    start translating
    live translation
    start live captions
    I need a translation
    I need subtitles
    give me captions
    can you translate this
    can you translate for me
    I don't understand them, translate
    change the subtitle language
    change the caption language
    switch the language of the captions`,
    `I'd like to read what they say
    translate the people around me
    get subtitles up
    a translation please
    set another language for the captions`,
  ),
  ask(
    "set_climate",
    { temperature: "{degrees}" },
    "To how many degrees?\nHow many degrees?\nWhich temperature would you like?",
    "{degrees}\n{degrees}\nto {degrees}\n{degrees}, please\nmake it {degrees}\nset it to {degrees}",
    `set the temperature
    change the temperature
    adjust the temperature
    set a temperature
    set the climate temperature
    set the degrees
    I want to set the temperature
    I want a different temperature
    can you change the temperature
    put in a temperature
    set the cabin temperature
    I'd like to change the temperature`,
    `temperature setting
    I want to adjust how many degrees it is
    let me choose the temperature`,
  ),
  ask(
    "set_climate",
    { fan: "{fan}" },
    "To which level?\nHow strong, from 1 to 7?\nWhich level, 1 to 7?",
    "{fan}\nto {fan}\n{fan}, please\nlevel {fan}\nto level {fan}",
    "set the fan\nchange the fan speed\nset the fan speed\nadjust the fan\nchange the fan\nset the fan level",
    "I'd like another fan speed\nfan setting",
  ),
  ask(
    "control_media",
    { action: "volume", level: "{percent}" },
    "To what level?\nTo how many percent?\nHow loud, in percent?",
    "{percent}\n{percent}\nto {percent}\n{percent}, please\nset it to {percent}",
    `set the volume
    change the volume
    adjust the volume
    set volume
    set a volume
    set the volume level
    I want to set the volume
    I want to change the volume
    can you change the volume
    put the volume at a different level
    I want a different volume
    set the sound level`,
    `volume setting
    let me choose the volume
    I'd like to adjust how loud it is`,
  ),
  ask(
    "explain_warning",
    { warning: "{warning}" },
    "Which light is it?\nWhich warning do you see?\nWhat does the light look like?",
    "the {warning} light\n{warning}\nthe {warning} warning\nthe {warning} one\nit's the {warning} light\nit says {warning}",
    `there's a warning light
    there is a warning light on
    a warning light came on
    a warning light is on
    a light is blinking on the dashboard
    what does this light mean
    what does this warning mean
    what does that symbol mean
    what's this light
    what is this warning light
    explain the warning light
    explain this warning
    explain the warning
    I have a warning
    I got a warning message
    I see a warning light
    why is this light on
    there's a symbol on the dashboard
    something is blinking on the dashboard
    something lit up on the dashboard
    what does the warning say
    the car shows a warning
    there's a warning on the display
    what does the light on the dash mean
    a red light is on
    a yellow light came on
    a light just went on in the dashboard`,
    `some lamp on the dashboard is glowing
    could you explain a warning light
    I don't get this dashboard symbol
    an alert has shown up on the dash`,
  ),
  ask(
    "explain_warning",
    { warning: "{warning_sign}" },
    "Which light is it?\nWhich warning do you see?\nWhat does it look like?",
    "{warning_sign}\nit's {warning_sign}\nit looks like {warning_sign}\nI see {warning_sign}",
    `what does this symbol mean
    what does this sign on the dashboard mean
    there's a red symbol
    there's a yellow symbol on the dash
    I see a strange symbol
    a strange light came on
    some symbol is lit`,
    "what might this icon on the dash be\nan odd symbol is glowing",
  ),
];

export const asks = { train: all.map(({ train }) => train), heldout: all.map(({ heldout }) => heldout) };
