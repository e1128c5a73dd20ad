// What people ask to be played: songs, artists, albums, stations, podcasts, kinds of music, mostly invented.

import { both, expand, lines, list, split, typed } from "../lists.mjs";
import { cities, firstNames, invented, surnames } from "./names.mjs";

const titleAdjectives = split(
  list(`Midnight, Endless, Broken, Electric, Golden, Silent, Burning, Lonely, Crazy, Sweet, Wild, Blue, Purple, Neon, Frozen, Distant, Hollow,
Falling, Dancing, Paper, Plastic, Velvet, Summer, Winter, Bitter, Secret, Hungry, Invisible, Rolling, Shining, Sleepless, Second, Last, First,
Northern, Holy, Heavy, Tiny, Yellow, Desert, Ocean, Moonlit`),
);
const titleNouns = split(
  list(`Heart, Road, Dream, Rain, River, Fire, Train, Sky, Love, Night, Morning, City, Highway, Mirror, Shadow, Dance, Thunder, Letter, Garden,
Angel, Stranger, Memory, Ghost, Window, Radio, Machine, Promise, Storm, Silence, Lights, Ocean, Diamond, Hurricane, Kingdom, Echo, Feather,
Bicycle, Telephone, Lullaby, Avenue, Paradise, Fever`),
);
const bandNouns = split(
  list(`Tigers, Strangers, Lanterns, Pilots, Foxes, Monks, Sisters, Brothers, Kings, Pirates, Rockets, Ravens, Gardeners, Astronauts, Poets,
Machines, Wolves, Sparrows, Bandits, Dragons, Beetles, Orphans, Sailors, Comets, Hounds, Painters, Robots, Saints`),
);
const genres = split(
  list(`jazz, rock, blues, techno, classical music, hip hop, reggae, country, folk, soul, funk, disco, metal, punk, salsa, bossa nova, house, pop,
lo-fi, ambient, opera, gospel, swing, flamenco, fado, K-pop, indie, drum and bass, trance, R&B, grunge, bluegrass, chillout, piano music,
film music, Christmas songs, children's songs, eighties music, nineties hits, love songs, workout music, dinner music, sea shanties, tango,
synthwave, baroque music, trap, rap, oldies, samba, dubstep, afrobeat, guitar music, meditation music, string quartets, nursery rhymes`),
);
const moods = split(
  list(
    "relaxing, upbeat, slow, happy, sad, calm, loud, funky, romantic, quiet, cheerful, energetic, soothing, danceable, dreamy, fast, mellow, festive, gloomy",
  ),
);
const artists = split(
  list(`Queen, Adele, Mozart, Beethoven, Bach, Chopin, Vivaldi, Abba, Coldplay, Radiohead, Madonna, Prince, David Bowie, Miles Davis, Nina Simone,
Bob Marley, Johnny Cash, Dolly Parton, Taylor Swift, Beyonce, Drake, Rihanna, Billie Eilish, Ed Sheeran, Daft Punk, Kraftwerk, Pink Floyd,
Led Zeppelin, Metallica, AC/DC, U2, Blur, Oasis, Gorillaz, The Cure, Depeche Mode, Bjork, Sigur Ros, Edith Piaf, Jacques Brel, Stromae,
Shakira, Buena Vista Social Club, Fela Kuti, Ravi Shankar, Yo-Yo Ma, Lang Lang, Debussy, Satie, Ludovico Einaudi, Hans Zimmer, John Williams,
Ella Fitzgerald, Frank Sinatra, Elvis, The Beatles, The Rolling Stones, Nirvana, Green Day, Muse, Arctic Monkeys, BTS, Blackpink, Jay Chou`),
);
const songs = split(
  list(`Bohemian Rhapsody, Hey Jude, Yesterday, Imagine, Hallelujah, Africa, Thriller, Billie Jean, Purple Rain, Wonderwall, Clocks, Yellow,
Creep, Hotel California, Stairway to Heaven, Smoke on the Water, Take On Me, Dancing Queen, Waterloo, Let It Be, Respect, Superstition,
Summertime, Take Five, So What, Moon River, Moonlight Sonata, Für Elise, The Four Seasons, Clair de Lune, Bolero, La Vie en Rose, Volare,
Despacito, Happy, Royals, Shallow, Skyfall, Titanium, Levitating, Flowers, Perfect, Hello, Halo, Umbrella, Firework, Roar, Shape of You`),
);
const podcastTopics = split(
  list(
    "history, science, football, cooking, true crime, business, comedy, space, language, money, travel, design, health, books, politics, sleep, tech, nature, philosophy",
  ),
);

const parts = (which) => ({
  adjective: titleAdjectives[which],
  noun: titleNouns[which],
  band: bandNouns[which],
  genre: genres[which],
  mood: moods[which],
  artist: artists[which],
  song: songs[which],
  podcast: podcastTopics[which],
  invented: invented(which),
  first: firstNames[which],
  surname: surnames[which],
  city: cities[which],
  number: (random) => String(random.integer(2, 99)),
  frequency: (random) => `${random.integer(87, 107)}.${random.integer(0, 9)}`,
});

const patterns = split(
  lines(`{song} by {artist}
    {song}
    {artist}
    {adjective} {noun}
    {adjective} {noun} by {first} {surname}
    {song} by {first} {surname}
    {genre}
    {adjective} {noun} by the {adjective} {band}
    {adjective} {noun} by {invented}
    the {adjective} {band}
    {noun} in {city}
    {first} {surname}
    {song} by {invented}
    {invented}
    {genre}
    some {genre}
    some {mood} music
    {song} by {artist}
    something {mood}
    something by {artist}
    {artist}
    {adjective} {noun}
    the new album by {first} {surname}
    the album {adjective} {noun}
    the song {adjective} {noun}
    {genre} from {city}
    {adjective} {noun} by {artist}
    {song}
    radio {invented}
    {invented} FM
    {city} FM
    {frequency} FM
    Radio {number}
    the radio station {invented}
    {genre}
    the podcast {adjective} {noun}
    {mood} {genre}
    a podcast about {podcast}
    the {invented} podcast
    the latest episode of {adjective} {noun}
    episode {number} of {invented}
    {adjective} {noun} by {first} {surname}
    the audiobook {adjective} {noun}
    the audiobook of {noun} by {surname}
    the soundtrack of {adjective} {noun}
    {artist}'s greatest hits
    {first}'s playlist
    my {mood} playlist
    {song} by {artist}
    my {genre} playlist
    my playlist {adjective} {noun}
    a playlist with {genre}
    {artist} live in {city}
    the piano version of {song}
    {song} from the {adjective} {noun} album
    {mood} songs from the nineties
    {genre}
    {noun} and {noun}
    {noun} of the {noun}
    the {noun} song
    {invented} {invented}
    {first} and the {band}
    {adjective} {noun} by {first} and the {band}
    {noun} {number}
    symphony number {number} by {surname}
    {genre} for driving
    songs by {artist}
    the band {invented}
    {genre}
    {artist}`),
);
const everyday = split(
  list(`the news, the radio, my playlist, my favourites, the charts, the top forty, the morning show, the traffic news, my liked songs, an audiobook,
the football match, my discover weekly, a bedtime story, the evening news, white noise, rain sounds, the latest podcast, my road trip playlist`),
);
export const media = both((which) => [
  ...Array(9).fill((random) => typed(random, expand(random, random.pick(patterns[which]), parts(which)))),
  (random) => random.pick(everyday[which]),
]);
