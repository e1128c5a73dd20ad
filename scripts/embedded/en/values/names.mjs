// Names of people, towns and streets from many countries, and invented ones: what is copied must not be what is known.

import { list, split } from "../lists.mjs";

export const firstNames = split(
  list(`Anna, Ben, Clara, David, Emma, Frank, Grace, Hannah, Ian, Julia, Kevin, Laura, Marcus, Nina, Oliver, Paula, Quentin, Rachel,
Simon, Tina, Ursula, Victor, Wendy, Xavier, Yvonne, Zack, Aisha, Bilal, Chidi, Dmitri, Esther, Fatima, Giorgio, Hiroshi, Ingrid, Javier,
Katya, Lars, Mei, Nadia, Omar, Priya, Qiang, Rosa, Sven, Tariq, Uma, Vikram, Wanjiru, Ximena, Yusuf, Zainab, Alex, Bea, Charlie, Dana,
Eli, Finn, Gabe, Holly, Isla, Jack, Kate, Liam, Mia, Noah, Olivia, Pete, Quinn, Ruby, Sam, Tom, Una, Vera, Will, Xander, Yara, Zoe, Abdul,
Adele, Agnes, Ahmed, Akira, Alan, Albert, Alice, Amara, Amelia, Amir, Ana, Andre, Andrea, Angus, Anita, Anton, Aoife, Archie, Arjun,
Astrid, Audrey, Barbara, Barry, Beatrix, Bernard, Bianca, Birgit, Bjorn, Bob, Boris, Brenda, Bruno, Caleb, Callum, Camille, Carlos, Carmen,
Cecilia, Chloe, Claire, Colin, Connor, Cora, Craig, Cyrus, Daisy, Damian, Daniel, Deborah, Denise, Derek, Diego, Dolores, Dora, Duncan,
Edgar, Edith, Eduardo, Edwin, Eileen, Elena, Elias, Elsa, Emil, Enzo, Erik, Ernesto, Eva, Ezra, Felix, Fiona, Florian, Francesca, Freya,
Gareth, Gemma, Georgia, Gerald, Gina, Gloria, Gordon, Greta, Gustav, Guy, Harriet, Harry, Hassan, Heidi, Helen, Henry, Hilda, Howard, Hugo,
Ibrahim, Igor, Imogen, Irene, Iris, Isabel, Ivan, Jamal, Jane, Jasmine, Jerome, Jessica, Joan, Joel, Jonas, Jorge, Josef, Joy, Judy, June,
Kai, Karen, Karl, Keiko, Kelly, Kenji, Kirsten, Klaus, Kofi, Kurt, Kylie, Leila, Leo, Leonie, Lin, Linda, Lorenzo, Louis, Lucia, Ludwig,
Luke, Lydia, Mabel, Magnus, Malik, Manuel, Margot, Maria, Marta, Matteo, Maurice, Max, Megan, Miguel, Milan, Mohammed, Molly, Monica,
Naomi, Natalie, Ned, Nell, Niamh, Nico, Nils, Nora, Norman, Odette, Olaf, Oscar, Otto, Pablo, Patricia, Pavel, Pearl, Pedro, Penny,
Phoebe, Pierre, Polly, Rafael, Ralph, Ramona, Raul, Rebecca, Renata, Rhys, Rita, Robin, Roger, Roland, Rory, Rowan, Rupert, Sadie, Sahil,
Salma, Sandra, Sanjay, Sara, Saskia, Sebastian, Selma, Sergio, Seth, Shannon, Shirin, Sigrid, Silvia, Sofia, Stan, Stella, Stuart, Sunita,
Tamara, Tara, Theo, Thomas, Tilda, Tim, Tobias, Tracy, Ulrich, Valentina, Vanessa, Vince, Violet, Walter, Wei, Winston, Xin, Yan, Yasmin,
Yuki, Yuri, Zara, Zheng, Ziggy`),
);

export const surnames = split(
  list(`Smith, Jones, Taylor, Brown, Wilson, Evans, Walker, Wright, Robinson, Thompson, Hughes, Edwards, Green, Hall, Wood, Clarke, Jackson,
Harris, Cooper, Ward, Morris, King, Baker, Bennett, Cook, Shaw, Murphy, Doyle, O'Brien, Byrne, Ryan, Sullivan, McCarthy, MacLeod, Campbell,
Stewart, Fraser, Murray, Meier, Schmidt, Fischer, Weber, Becker, Hoffmann, Koch, Richter, Wolf, Neumann, Zimmermann, Krause, Lehmann,
Dubois, Moreau, Laurent, Lefebvre, Rossi, Ferrari, Esposito, Romano, Ricci, Greco, Garcia, Fernandez, Lopez, Martinez, Torres, Ramirez,
Silva, Santos, Oliveira, Pereira, Costa, Novak, Horvat, Kowalski, Nowak, Wisniewski, Ivanov, Petrov, Sokolov, Popov, Andersson, Johansson,
Nilsson, Hansen, Olsen, Larsen, Virtanen, Korhonen, Nagy, Szabo, Papadopoulos, Yilmaz, Demir, Kaya, Haddad, Nasser, Khalil, Rahman, Khan,
Singh, Patel, Sharma, Gupta, Reddy, Iyer, Nguyen, Tran, Pham, Tanaka, Suzuki, Watanabe, Yamamoto, Nakamura, Kim, Park, Choi, Wang, Zhang,
Chen, Liu, Zhao, Huang, Okafor, Adeyemi, Mensah, Kamau, Dlamini, Abebe, Van Dijk, De Vries, Jansen, Peeters, Bauer, Schulz, Hartmann,
Beaumont, Ashworth, Pemberton, Whitaker, Holloway, Kingsley, Lockwood, Mercer, Prescott, Radcliffe, Sinclair, Thornton, Underwood, Vaughn,
Winslow, Yates, Abbott, Barlow, Chambers, Dawson, Ellery, Fenwick, Goddard, Haynes, Ingram, Jarvis, Kerr, Lambert, Maddox, Norris, Osborne,
Pratt, Quigley, Rhodes, Stafford, Tucker, Usher, Vickers, Weaver, Young, Zeller`),
);

export const cities = split(
  list(`London, Paris, Berlin, Madrid, Rome, Vienna, Lisbon, Dublin, Oslo, Prague, Warsaw, Athens, Zurich, Geneva, Brussels, Amsterdam,
Lyon, Marseille, Bordeaux, Toulouse, Nice, Nantes, Lille, Strasbourg, Munich, Hamburg, Cologne, Frankfurt, Stuttgart, Leipzig, Dresden,
Bremen, Nuremberg, Freiburg, Heidelberg, Augsburg, Ulm, Kassel, Mannheim, Milan, Turin, Naples, Florence, Venice, Bologna, Verona, Palermo,
Bari, Siena, Pisa, Barcelona, Valencia, Seville, Bilbao, Granada, Malaga, Zaragoza, Porto, Braga, Coimbra, Faro, Manchester, Liverpool,
Leeds, Sheffield, Bristol, Cardiff, Edinburgh, Glasgow, Aberdeen, Inverness, York, Bath, Oxford, Cambridge, Brighton, Norwich, Exeter,
Plymouth, Swansea, Belfast, Cork, Galway, Limerick, Boston, Chicago, Denver, Seattle, Portland, Austin, Dallas, Houston, Phoenix, Tucson,
Detroit, Cleveland, Atlanta, Miami, Tampa, Orlando, Nashville, Memphis, Pittsburgh, Buffalo, Toronto, Montreal, Vancouver, Calgary, Ottawa,
Halifax, Sydney, Melbourne, Brisbane, Perth, Adelaide, Auckland, Wellington, Tokyo, Osaka, Kyoto, Nagoya, Sapporo, Seoul, Busan, Beijing,
Shanghai, Shenzhen, Hangzhou, Chengdu, Nanjing, Wuhan, Taipei, Hanoi, Bangkok, Singapore, Jakarta, Manila, Mumbai, Delhi, Chennai, Jaipur,
Dubai, Doha, Cairo, Tunis, Marrakech, Nairobi, Accra, Lagos, Cape Town, Durban, Istanbul, Ankara, Izmir, Sofia, Bucharest, Budapest,
Belgrade, Zagreb, Ljubljana, Split, Dubrovnik, Sarajevo, Skopje, Tirana, Krakow, Gdansk, Poznan, Wroclaw, Vilnius, Riga, Tallinn, Helsinki,
Tampere, Turku, Stockholm, Gothenburg, Malmo, Uppsala, Bergen, Trondheim, Stavanger, Copenhagen, Aarhus, Odense, Reykjavik, Salzburg,
Innsbruck, Graz, Linz, Basel, Bern, Lausanne, Lucerne, Lugano, Ghent, Bruges, Antwerp, Utrecht, Rotterdam, Delft, Leiden, Groningen,
San Francisco, Los Angeles, New York, New Orleans, San Diego, Santa Fe, Salt Lake City, Buenos Aires, Sao Paulo, Mexico City, Rio de Janeiro`),
);

export const streetNames = split(
  list(`Baker, Church, Station, Mill, Victoria, Albert, King, Queen, Bridge, Park, Oak, Maple, Elm, Cedar, Pine, Willow, Chestnut, Walnut,
Birch, Rose, Lavender, Orchard, Garden, Meadow, Hill, Valley, River, Lake, Spring, Summer, Harbour, Ocean, Market, Castle, Abbey, Chapel,
College, School, Garrison, Foundry, Tannery, Bakehouse, Weaver, Cooper, Mason, Carpenter, Lincoln, Washington, Jefferson, Franklin, Madison,
Wellington, Nelson, Drake, Cromwell, Stanley, Windsor, Clarence, Marlborough, Salisbury, Buckingham, Devonshire, Norfolk, Suffolk, Kent,
Richmond, Holland, Hanover, Brunswick, Waterloo, Trafalgar, Blenheim, Balmoral, Highland, Northgate, Eastgate, Westgate, Southgate,
Greenfield, Whitehall, Redcliffe, Blackthorn, Silverdale, Goldcrest, Copperfield, Ironbridge, Fox, Badger, Heron, Kingfisher, Falcon, Eagle,
Raven, Swan, Robin, Lark, Dove, Hawthorn, Juniper, Magnolia, Sycamore, Poplar, Linden, Ash, Beech, Larch, Rowan, Holly, Ivy, Fern, Heather,
Bluebell, Primrose, Thistle, Clover, Saint James, Saint Mary, Saint John, Saint Peter, Main, High, First, Second, Third, Fifth, Ninth`),
);
export const streetKinds = list(
  "Street, Street, Street, Road, Road, Avenue, Lane, Drive, Close, Court, Crescent, Square, Way, Place, Terrace, Row",
);
export const foreignStreets = split(
  list(`Rue de Rivoli, Rue Victor Hugo, Boulevard Voltaire, Place Bellecour, Avenue Foch, Rue des Lilas, Rue du Moulin, Via Roma, Via Garibaldi,
Corso Italia, Piazza Navona, Via dei Mille, Piazza Dante, Calle Mayor, Calle de Alcala, Gran Via, Paseo del Prado, Plaza Mayor, Rua Augusta,
Avenida da Liberdade, Hauptstrasse, Bahnhofstrasse, Goethestrasse, Lindenweg, Schillerplatz, Marktplatz, Mozartgasse, Ringstrasse,
Mariahilfer Strasse, Kungsgatan, Storgatan, Karl Johans gate, Mannerheimintie, Keizersgracht, Damrak, Nowy Swiat, Dluga, Vaci utca,
Istiklal Caddesi, Nanjing Road, Nathan Road, Orchard Road, MG Road, Linking Road, Sukhumvit Soi 11, Nguyen Hue, Omotesando, Teheran-ro`),
);

const onsets = list(
  "b, br, c, ch, cl, cr, d, dr, f, fl, g, gl, gr, h, j, k, kl, kr, l, m, n, p, pl, pr, qu, r, s, sh, sk, sl, sm, sp, st, t, th, tr, v, w, y, z, zh, x",
);
const vowels = list("a, e, i, o, u, a, e, i, o, u, ai, au, ea, ee, ei, ia, ie, io, oa, oo, ou, ue, y");
const codas = list(
  "b, ck, d, ft, g, k, l, ld, lm, m, n, nd, ng, nt, p, r, rd, rk, rn, rt, s, sk, ss, st, t, th, v, x, z",
);

/** Held-out invented words end as no other does. */
const endings = {
  train: ["", "", "", "o", "a", "ex", "ix", "is", "ora", "ia", "ley", "son"],
  heldout: ["uva", "ombe", "etto", "wyn"],
};

/** Names that an invented word must not hit: they may be held out. */
const real = new Set(
  [firstNames, surnames, cities]
    .flatMap(({ train, heldout }) => [...train, ...heldout])
    .map((name) => name.toLowerCase()),
);

/** @param {any} random @param {"train" | "heldout"} which @returns {string} */
function inventedWord(random, which) {
  let word = "";
  for (let n = random.pick([1, 1, 2, 2, 3]); n > 0; n--) word += random.pick(onsets) + random.pick(vowels);
  word += random.pick(codas) + random.pick(endings[which]);
  return real.has(word) ? inventedWord(random, which) : word;
}

/** @param {"train" | "heldout"} which */
export function invented(which) {
  return (random) => {
    const word = inventedWord(random, which);
    return word[0].toUpperCase() + word.slice(1);
  };
}
