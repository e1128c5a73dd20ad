// Passages as they stand in manuals, on labels, signs and contracts, with questions whose answer is a part of the passage.

/** @param {string} text a passage, its questions between bars, and the answer, one entry a line */
const entries = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [passage, questions, answer] = line.split(" => ");
      return { passage, question: questions.split(" | "), answer };
    });

export const passages = {
  train: entries(`
    The deposit is {price}. => How much is the deposit? | What is the deposit? | what do I pay as a deposit => {price}
    The {thing} is stored in {placement}. => Where is the {thing}? | Where do I find the {thing}? | where is the {thing} kept => {placement}
    The museum opens at {clock} and is closed on {day}. => When does the museum open? | At what time does the museum open? | what time does the museum open => {clock}
    The museum shop is closed on {day}. => On which day is the museum shop closed? | When is the museum shop closed? => {day}
    The recommended tyre pressure is {rating} bar. => What is the recommended tyre pressure? | Which tyre pressure is recommended? | what should the tyre pressure be => {rating} bar
    The oil must be changed every {number} kilometres. => How often must the oil be changed? | When is an oil change due? => every {number} kilometres
    The vehicle has a towing capacity of {number} kilograms. => What is the towing capacity? | How much can the vehicle tow? => {number} kilograms
    The battery has a capacity of {number} kilowatt hours. => What is the capacity of the battery? | how big is the battery => {number} kilowatt hours
    The warranty is valid for {small} years. => How long is the warranty valid? | How long does the warranty last? => {small} years
    The rent is {price} a month. => How much is the rent? | What is the monthly rent? | how much rent is to be paid => {price} a month
    The notice period is {small} weeks. => How long is the notice period? | What is the notice period? => {small} weeks
    The contract begins on {date}. => When does the contract begin? | On what date does the contract start? => {date}
    The contract ends on {date} without notice. => When does the contract end? | What is the last day of the contract? => {date}
    The landlord is {name}. => Who is the landlord? | What is the name of the landlord? => {name}
    This painting was made by {name} in {year}. => Who made this painting? | Who is the painter? | who painted this => {name}
    The statue was finished in {year}. => When was the statue finished? | In which year was the statue completed? => {year}
    The castle was built in {year} by {name}. => When was the castle built? | In which year was the castle built? => {year}
    The tower is {number} metres high. => How high is the tower? | What is the height of the tower? => {number} metres
    The bridge is {number} metres long. => How long is the bridge? | What is the length of the bridge? => {number} metres
    The sculpture is made of {material}. => What is the sculpture made of? | Which material is the sculpture made of? => {material}
    The table top is made of {material}. => What is the table top made of? | Which material is the table top? => {material}
    The jacket is available in {colour} only. => In which colour is the jacket available? | What colour is the jacket? => {colour}
    Track {small}: train to {city}, departure {clock}. => When does the train to {city} leave? | At what time does the train to {city} depart? => {clock}
    Bus {number} goes to {city}. => Which bus goes to {city}? | What is the number of the bus to {city}? => Bus {number}
    The ferry to {city} leaves at {clock}. => When does the ferry to {city} leave? | What time is the ferry to {city}? => {clock}
    The last tram runs at {clock}. => When does the last tram run? | What time is the last tram? => {clock}
    Boarding for flight {number} is at gate {small}. => At which gate is boarding for flight {number}? | Which gate is flight {number}? => gate {small}
    The soup of the day is {dish} for {price}. => How much is the soup of the day? | What does the soup of the day cost? => {price}
    Today's special: {dish}. => What is today's special? | Which dish is the special today? => {dish}
    The chef recommends {dish} with {product}. => What does the chef recommend with {product}? | Which dish is recommended by the chef? => {dish}
    A glass of house wine costs {price}. => What does a glass of house wine cost? | How much is a glass of house wine? => {price}
    Children under {small} enter free of charge. => Up to what age do children enter free? | Who enters free of charge? => Children under {small}
    Tickets for adults are {price}. => How much are tickets for adults? | What does an adult ticket cost? => {price}
    A day pass costs {price}. => How much is a day pass? | What is the price of a day pass? => {price}
    Parking costs {price} per hour. => How much is parking per hour? | What does an hour of parking cost? => {price}
    Parking is allowed for {small} hours. => How long may I park? | For how many hours is parking allowed? => {small} hours
    Store at no more than {small} degrees. => At what temperature should it be stored? | How warm may it be stored? => no more than {small} degrees
    Best before {date}. => What is the best before date? | Until when is it best? => {date}
    Contains {allergens} and {material} fibre. => Which allergen does it contain? | What allergen is in it? => {allergens}
    Made in {country}. => Where was it made? | In which country was it made? | what country is it from => {country}
    One serving has {number} calories. => How many calories does a serving have? | What are the calories of one serving? => {number} calories
    Take {small} tablets a day. => How many tablets should I take a day? | What is the daily dose? => {small} tablets
    Wash at {small} degrees at most. => At how many degrees may it be washed? | How warm can I wash it? => {small} degrees
    The battery of the headset lasts {small} hours. => How long does the headset's battery last? | What is the battery life of the headset? => {small} hours
    The device weighs {number} grams. => How much does the device weigh? | What is the weight of the device? => {number} grams
    The wifi password is {brand}{number}. => What is the wifi password? | Which password does the wifi have? => {brand}{number}
    The code of the garage is {number}. => What is the code of the garage? | Which code opens the garage? => {number}
    Breakfast is served from {clock}. => From when is breakfast served? | When does breakfast begin? => {clock}
    Check-out is at {clock}. => When is check-out? | By when do I have to check out? => {clock}
    The pool is on {placement}. => Where is the pool? | where do I find the pool => {placement}
    Reception can be reached at extension {number}. => How do I reach reception? | What is the extension of reception? => extension {number}
    The meeting is in room {number}. => In which room is the meeting? | where is the meeting => room {number}
    The speaker of the evening is {name}. => Who is the speaker of the evening? | Who speaks in the evening? => {name}
    The course is taught by {name}. => Who teaches the course? | What is the name of the teacher? => {name}
    The concert starts at {clock} in {placement}. => When does the concert start? | At what time is the concert? => {clock}
    The exhibition about {knowledge} runs until {date}. => Until when does the exhibition about {knowledge} run? | How long is the exhibition on {knowledge} open? => {date}
    Questions go to {name} in {city}. => Who answers questions? | Whom do I ask if I have a question? => {name}
    The head office is in {city}. => Where is the head office? | In which city is the head office? => {city}
    The company was founded by {name}. => Who founded the company? | Who is the founder? => {name}
    {brand} was founded in {year}. => When was {brand} founded? | In which year was {brand} founded? => {year}
    {brand} has {number} employees. => How many employees does {brand} have? | How many people work at {brand}? => {number}
    The {animal} in enclosure {small} is called {person}. => What is the {animal} in enclosure {small} called? | What is the name of the {animal}? => {person}
    The {animal} is fed at {clock}. => When is the {animal} fed? | At what time does the {animal} get food? => {clock}
    The {car_part} is replaced every {small} years. => How often is the {car_part} replaced? | When must the {car_part} be replaced? => every {small} years
    A new {car_part} costs {price}. => What does a new {car_part} cost? | How much is a new {car_part}? => {price}
    The spare fuse is {colour}. => Which colour does the spare fuse have? | What colour is the spare fuse? => {colour}
    The emergency exit is next to {placement}. => Where is the emergency exit? | where do I get out in an emergency => next to {placement}
    Press the {colour} button to start the heating. => Which button starts the heating? | What do I press to start the heating? => the {colour} button
    Follow the {colour} line to get to the {thing}. => Which line do I follow to get to the {thing}? | how do I get to the {thing} => the {colour} line
    The speed in the tunnel is limited to {number}. => What is the speed limit in the tunnel? | How fast may I drive in the tunnel? => {number}
    The pass is closed from {date}. => From when is the pass closed? | When does the pass close? => {date}
    The road to {city} is closed because of snow. => Why is the road to {city} closed? | What is the reason that the road to {city} is closed? => snow
    The lift is out of order until {day}. => Until when is the lift out of order? | When does the lift work again? => {day}
    Returns are accepted within {small} days. => Within how many days are returns accepted? | How long can I return it? => {small} days
    Delivery takes {small} days and costs {price}. => How much is delivery? | What does delivery cost? => {price}
    The trail to Lake {brand} takes {small} hours. => How long does the trail to Lake {brand} take? | How many hours is the trail to Lake {brand}? => {small} hours
    Mount {brand} is {number} metres high. => How high is Mount {brand}? | What is the height of Mount {brand}? => {number} metres
    The tank holds {small} litres. => How many litres does the tank hold? | How big is the tank? => {small} litres
    Charging to full takes {small} hours. => How long does charging take? | How long until it is fully charged? => {small} hours
    The seat can carry {number} kilograms. => How much can the seat carry? | What is the maximum load of the seat? => {number} kilograms`),
  heldout: entries(`
    The membership fee is {price} a year. => How high is the membership fee? | What do members pay? => {price} a year
    The curator of this hall is {name}. => Who is the curator of this hall? | Who looks after this hall? => {name}
    The lighthouse was lit for the first time in {year}. => When was the lighthouse first lit? | In which year did the lighthouse first shine? => {year}
    You will find the {thing} behind {placement}. => Where will I find the {thing}? | Where do they keep the {thing}? => behind {placement}
    The roof box may be loaded with {number} kilograms. => How heavy may the load in the roof box be? | What may the roof box carry? => {number} kilograms
    Shuttles to {city} depart at {clock} from bay {small}. => At what time do shuttles to {city} depart? | When do the shuttles to {city} go? => {clock}
    The dessert of the week is {dish}. => Which dessert is it this week? | What is the dessert of the week? => {dish}
    Late payment is charged with {price}. => What is charged for late payment? | How much do I owe if I pay late? => {price}
    The frame of the chair is {material}. => What is the frame of the chair made of? | Of what is the chair's frame? => {material}
    Applications close on {date}. => When do applications close? | What is the final date for applications? => {date}
    The {colour} lever opens the bonnet. => Which lever opens the bonnet? | How do I open the bonnet? => The {colour} lever
    The guide of the tour through {city} is {name}. => Who guides the tour through {city}? | Who is the tour guide? => {name}
    A rental helmet is {price}. => What does renting a helmet cost? | How much is a rental helmet? => {price}
    The library lends films for {small} days. => For how many days does the library lend films? | How long can I keep a film from the library? => {small} days
    Wine tasting takes place every {day}. => On which day is the wine tasting? | When can I taste wine? => every {day}
    The vase comes from {country}. => Which country does the vase come from? | Where is the vase from? => {country}`),
};
