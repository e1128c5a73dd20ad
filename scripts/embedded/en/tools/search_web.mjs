import { lines } from "../lists.mjs";

const named = { query: "{query}" };
const looked = { query: "{lookup}" };

export const search_web = {
  train: [
    {
      weight: 6,
      say: lines(`search for {query}
        search the web for {query}
        search the internet for {query}
        search online for {query}
        do a web search for {query}
        do a search for {query}
        run a search for {query}
        web search for {query}
        web search: {query}
        search: {query}
        search {query}
        find {query} online
        find {query} on the [web|internet]
        find online {query}
        look online for {query}
        look on the internet for {query}
        look on the web for {query}
        look for {query} online
        look for {query} on the internet
        browse the web for {query}
        go online and find {query}
        go online and look for {query}
        check online for {query}
        google for {query}
        search google for {query}
        search on google for {query}
        I want to search for {query}
        I'd like to search the web for {query}
        I need you to search for {query}
        start a search for {query}
        internet search: {query}
        online search for {query}
        search up {query}
        get me search results for {query}
        show me search results for {query}
        show me results for {query} from the web
        what can you find online about {query}
        what does the internet say about {query}
        see what you can find on the web about {query}
        use the web to find {query}
        pull up {query} from the internet
        can you do a quick search for {query}
        enter {query} in the search engine
        look {query} up
        look {query} up online
        look {query} up on the internet
        have a look online for {query}
        search the net for {query}`),
      call: named,
    },
    {
      weight: 6,
      say: lines(`look up {lookup}
        google {lookup}
        please look up {lookup}
        look up {lookup} online
        look up {lookup} on the web
        look up on the internet {lookup}
        look up for me {lookup}
        google {lookup} for me
        just google {lookup}
        could you google {lookup}
        can you look up {lookup}
        could you look up {lookup} for me
        I want to look up {lookup}
        I need to look up {lookup}
        let's google {lookup}
        let's look up {lookup}
        quickly look up {lookup}
        do you mind looking up {lookup}
        look it up: {lookup}
        google this: {lookup}
        find on the internet {lookup}
        bing {lookup}`),
      call: looked,
    },
    {
      weight: 2,
      say: lines(`search the web to see {asked}
        search online {asked}
        find out online {asked}
        check on the internet {asked}
        check online {asked}
        look online to see {asked}
        I don't know {asked}. Google it.
        search the web for {asked}
        look up online {asked}
        find out on the internet {asked}
        use the internet to find out {asked}
        do a web search on {asked}
        let me know {asked}, just google it`),
      call: { query: "{asked}" },
    },
  ],
  heldout: [
    {
      weight: 5,
      say: lines(`conduct an internet search on {query}
        hunt online for {query}
        scour the web for {query}
        dig up {query} on the internet
        hit the web for {query}
        query the web: {query}
        have the browser search for {query}
        type {query} into google
        I'd love some search results on {query}
        ask the internet for {query}`),
      call: named,
    },
    {
      weight: 4,
      say: lines(`would you google {lookup}
        try looking up {lookup}
        give google a go: {lookup}
        mind looking up online {lookup}
        go ahead and google {lookup}
        I'd like you to look up {lookup}`),
      call: looked,
    },
  ],
};
