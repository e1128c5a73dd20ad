import { lines } from "../lists.mjs";

const group = (weight, call, train, heldout) => ({
  train: { weight, call, say: lines(train) },
  heldout: heldout && { weight, call, say: lines(heldout) },
});

const groups = [
  group(
    5,
    { temperature: "{degrees}" },
    `set the [temperature|climate|temp|] to {degrees}
    [temperature|climate|air conditioning|AC] to {degrees}
    set it to {degrees}
    set the temperature at {degrees}
    make it {degrees} in here
    make it {degrees}
    put the temperature at {degrees}
    put it on {degrees}
    change the temperature to {degrees}
    turn the temperature [up|down] to {degrees}
    turn it [up|down] to {degrees} in here
    I want {degrees} in here
    I'd like it to be {degrees}
    I'd like {degrees}
    adjust the temperature to {degrees}
    bring the temperature to {degrees}
    keep it at {degrees}
    keep the cabin at {degrees}
    {degrees}, please
    climate to {degrees}
    {degrees} in here
    climate {degrees}
    set the cabin to {degrees}
    set the car to {degrees}
    set the AC to {degrees}
    the temperature should be {degrees}
    can we have {degrees}
    raise the temperature to {degrees}
    lower the temperature to {degrees}
    I feel best at {degrees}, set that
    set the thermostat to {degrees}`,
    `get the cabin to {degrees}
    let's go for {degrees} in the car
    could it be {degrees} in here
    dial in {degrees}
    I'd be comfortable at {degrees}
    have the climate at {degrees}
    regulate the temperature to {degrees}`,
  ),
  group(
    4,
    { temperature: "{degrees}", zone: "{zone}" },
    `set the temperature to {degrees} {zone}
    set it to {degrees} {zone}
    {degrees} {zone}
    make it {degrees} {zone}
    temperature {degrees} {zone}
    set the climate {zone} to {degrees}
    set the temperature {zone} to {degrees}
    change the temperature {zone} to {degrees}
    I want {degrees} {zone}
    put the temperature {zone} at {degrees}
    {zone}, set the temperature to {degrees}
    adjust the temperature to {degrees} {zone}
    keep it at {degrees} {zone}
    can we have {degrees} {zone}
    turn the temperature to {degrees} {zone}`,
    `get it to {degrees} {zone}
    let's have {degrees} {zone}
    dial it to {degrees} {zone}
    go to {degrees} {zone}`,
  ),
  group(
    3,
    { fan: "{fan}" },
    `fan to {fan}
    set the fan to {fan}
    fan {fan}
    fan speed {fan}
    fan level {fan}
    set the fan speed to {fan}
    put the fan on {fan}
    turn the fan to {fan}
    turn the fan [up|down] to {fan}
    blower to {fan}
    set the blower to {fan}
    fan at level {fan}
    fan on level {fan}
    change the fan to {fan}
    ventilation to level {fan}
    set the fan strength to {fan}
    air flow to {fan}
    I want the fan on {fan}
    fan strength {fan}
    put the blower on {fan}
    set the air flow to level {fan}`,
    `get the fan going at {fan}
    let the fan run at level {fan}
    bring the fan to speed {fan}
    have the blower at {fan}
    adjust the fan to stage {fan}`,
  ),
  group(
    1.2,
    { fan: "{fan}", zone: "{zone}" },
    `set the fan to {fan} {zone}
    fan to {fan} {zone}
    fan {fan} {zone}
    put the fan on {fan} {zone}
    fan speed {fan} {zone}
    turn the fan {zone} to {fan}
    set the fan {zone} to {fan}
    I want the fan {zone} on {fan}`,
    `get the fan going at {fan} {zone}
    blow at level {fan} {zone}`,
  ),
  group(
    0.5,
    { fan: 7 },
    "fan to max\nfan to maximum\nset the fan to maximum\nfan on full\nfan at full speed\nturn the fan all the way up",
    "run the fan at the highest speed",
  ),
  group(
    0.5,
    { fan: 1 },
    "fan to minimum\nset the fan to the lowest level\nfan to the lowest\nfan on the lowest speed\nset the fan to minimum",
    "run the fan at the lowest speed",
  ),
  group(
    2.5,
    { temperature: "{degrees}", fan: "{fan}" },
    `set the temperature to {degrees} and the fan to {fan}
    {degrees} and fan {fan}
    {degrees}, fan {fan}
    temperature {degrees}, fan {fan}
    temperature to {degrees} and fan to {fan}
    fan {fan} and {degrees}
    set the fan to {fan} and the temperature to {degrees}
    set the climate to {degrees} with fan {fan}
    make it {degrees} with the fan at {fan}
    AC to {degrees}, fan level {fan}
    I want {degrees} and the fan on {fan}
    put it at {degrees} and turn the fan to {fan}`,
    `go for {degrees} with the blower at {fan}
    get it to {degrees} and let the fan run at {fan}
    fan speed {fan} at {degrees}`,
  ),
  group(
    1,
    { temperature: "{degrees}", fan: "{fan}", zone: "{zone}" },
    `set the temperature to {degrees} and the fan to {fan} {zone}
    {zone} {degrees} and fan {fan}
    {degrees} and fan {fan} {zone}
    {zone}, {degrees}, fan {fan}
    set {degrees} with fan {fan} {zone}`,
    "get it to {degrees} with fan {fan} {zone}",
  ),
  group(
    3,
    { mode: "on" },
    `turn on the [AC|air conditioning|climate control|aircon|air con|air conditioner|A/C]
    turn the [AC|air conditioning|climate control|aircon|air conditioner|climate] on
    switch on the [AC|air conditioning|climate control|air conditioner]
    switch the [AC|air conditioning|aircon] on
    AC on
    air conditioning on
    climate on
    climate control on
    air con on
    start the [AC|air conditioning|climate control]
    activate the [AC|air conditioning|climate]
    enable the [AC|climate control]
    put the [AC|air conditioning|aircon] on
    I want the AC on
    get the AC going
    can we have the air conditioning on
    power on the AC`,
    `fire up the [AC|air conditioning]
    let's have some air conditioning
    run the AC
    the AC should be on
    get the climate control running`,
  ),
  group(
    3,
    { mode: "off" },
    `turn off the [AC|air conditioning|climate control|aircon|air con|air conditioner|heating|heater|climate]
    turn the [AC|air conditioning|climate control|aircon|heating|heater|climate] off
    switch off the [AC|air conditioning|climate control|heating|heater]
    switch the [AC|air conditioning|heating] off
    AC off
    air conditioning off
    climate off
    heating off
    climate control off
    stop the [AC|air conditioning|heating]
    deactivate the [AC|climate control]
    disable the AC
    no more air conditioning
    kill the AC
    I don't need the AC
    we don't need the air conditioning
    shut off the [AC|heating|climate control]
    shut the AC down`,
    `no AC
    cut the air conditioning
    the AC can go off
    let's do without air conditioning
    I want the climate control off`,
  ),
  group(
    0.8,
    { mode: "on", zone: "{zone}" },
    `turn on the AC {zone}
    AC on {zone}
    air conditioning on {zone}
    turn the air conditioning on {zone}
    switch on the climate {zone}
    start the AC {zone}
    climate on {zone}`,
    "get the AC running {zone}\nfire up the AC {zone}",
  ),
  group(
    0.8,
    { mode: "off", zone: "{zone}" },
    `turn off the AC {zone}
    AC off {zone}
    air conditioning off {zone}
    switch off the climate {zone}
    turn the air conditioning off {zone}
    turn off the heating {zone}
    climate off {zone}`,
    "no AC {zone}\ncut the air {zone}",
  ),
  group(
    2.5,
    { mode: "cool" },
    `cool the [cabin|car|interior]
    cool down the [cabin|car|interior]
    cool the car down
    cool mode
    cooling mode
    set the climate to cool
    set the AC to cool
    set the AC to cooling
    put the AC on cool
    start cooling
    cooling on
    turn on the cooling
    switch to cooling
    cool it down in here
    climate to cool
    turn on cool air
    blow cold air
    give me cold air
    switch the climate to cooling mode`,
    `chill the cabin
    get the car cooled down
    let cold air in from the AC
    begin cooling the interior
    go to cool mode`,
  ),
  group(
    2.5,
    { mode: "heat" },
    `heat the [cabin|car|interior]
    heat up the [cabin|car|interior]
    heat the car up
    heat mode
    heating mode
    set the climate to heat
    set the AC to heat
    put the AC on heat
    start heating
    heating on
    turn on the [heating|heater|heat]
    turn the [heating|heater|heat] on
    switch on the [heating|heater]
    switch to heating
    warm up the [cabin|car|interior]
    warm the car up
    climate to heat
    turn on warm air
    blow hot air
    preheat the [car|cabin]`,
    `get the heater going
    let's have the heating running
    fire up the heater
    begin heating the interior
    go to heat mode`,
  ),
  group(
    1.2,
    { temperature: "{degrees}", mode: "cool" },
    `cool the [cabin|car|interior] to {degrees}
    cool down the [cabin|car] to {degrees}
    cool it down to {degrees}
    cooling to {degrees}
    set the AC to cool at {degrees}
    cool mode at {degrees}
    start cooling to {degrees}`,
    "chill the cabin to {degrees}\nget the car cooled to {degrees}",
  ),
  group(
    1.2,
    { temperature: "{degrees}", mode: "heat" },
    `heat the [cabin|car|interior] to {degrees}
    heat up the [cabin|car] to {degrees}
    heating to {degrees}
    turn on the heating at {degrees}
    heat mode at {degrees}
    warm up the [car|cabin] to {degrees}
    preheat the car to {degrees}
    heater on, {degrees}`,
    "get the interior heated to {degrees}\nfire up the heater at {degrees}",
  ),
  group(
    1,
    { temperature: "{degrees}", mode: "on" },
    `turn on the AC at {degrees}
    AC on at {degrees}
    turn on the air conditioning and set it to {degrees}
    turn the AC on and set it to {degrees}
    air conditioning on, {degrees}
    climate control on at {degrees}
    start the AC at {degrees}
    AC on, {degrees}`,
    "run the AC at {degrees}\nget the air conditioning going at {degrees}",
  ),
  group(
    0.6,
    { fan: "{fan}", mode: "on" },
    "turn on the AC with fan {fan}\nAC on, fan {fan}\nturn on the AC and set the fan to {fan}\nair conditioning on with the fan at {fan}\nstart the AC at fan level {fan}",
    "run the AC at fan level {fan}",
  ),
  group(
    0.8,
    { mode: "cool", zone: "{zone}" },
    "cool the car {zone}\ncooling {zone}\nturn on the cooling {zone}\ncold air {zone}\nstart cooling {zone}\ncool mode {zone}",
    "chill it {zone}",
  ),
  group(
    0.8,
    { mode: "heat", zone: "{zone}" },
    "heat the car {zone}\nheating {zone}\nturn on the heating {zone}\nwarm air {zone}\nstart heating {zone}\nheating on {zone}\nheat mode {zone}",
    "get the heater going {zone}",
  ),
  group(
    0.6,
    { mode: "heat", zone: "rear" },
    "heat the back\nheat the rear\nwarm up the back\nheat the back of the car\nheat the rear cabin\nheat the back seats' area",
    "get the back of the car heated",
  ),
  group(
    0.6,
    { mode: "cool", zone: "rear" },
    "cool the back\ncool the rear\ncool down the back\ncool the back of the car\ncool the rear cabin",
    "get the back of the car cooled",
  ),
  group(
    0.6,
    { temperature: "{degrees}", mode: "heat", zone: "rear" },
    "heat the back to {degrees}\nheat the rear to {degrees}\nwarm up the back to {degrees}\nheat the back of the car to {degrees}",
    "get the rear heated to {degrees}",
  ),
  group(
    3,
    { mode: "defrost" },
    `clear the [windscreen|windshield], it is fogged up
    defrost
    defrost the [windscreen|windshield|front window|glass]
    defrost mode
    turn on the [defrost|defroster|demister|defogger]
    turn the [defroster|defrost] on
    defog the [windscreen|windshield|windows|glass]
    demist the [windscreen|windshield|windows]
    the [windscreen|windshield|glass|front window] is [fogged up|foggy|steamed up|fogging up|misty|frozen|iced over]
    the windows are [fogged up|foggy|steamed up|fogging up|misting up]
    my [windscreen|windshield] is [fogging up|all foggy|steaming up]
    clear the [windscreen|windshield|glass]
    clear the fog from the [windscreen|windshield|glass]
    get the fog off the [windscreen|windshield]
    I can't see through the [windscreen|windshield], it's foggy
    there's [fog|ice|mist|frost] on the [windscreen|windshield]
    everything is fogged up
    blow air on the windscreen
    melt the ice on the [windscreen|windshield]
    air on the windshield, it's misty
    de-ice the [windscreen|windshield]
    front defrost
    defrost on`,
    `the glass is all steamy, clear it
    get rid of the mist on the windscreen
    I can hardly see out, the windshield has fogged
    start demisting
    ice has formed on the windshield
    unfog the windshield`,
  ),
  group(
    2,
    { mode: "recirculate" },
    `close the outside air
    recirculate
    recirculate the air
    recirculation
    recirculation on
    turn on recirculation
    turn on air recirculation
    recirculate mode
    air recirculation
    switch to recirculation
    switch to recirculated air
    shut the outside air
    block the outside air
    no outside air
    no air from outside
    use inside air only
    inside air only
    cabin air only
    keep the outside air out
    it stinks outside, recirculate
    it smells outside, close the outside air
    there's a truck in front, close the outside air
    we're in a tunnel, recirculation please
    don't let the smell in, recirculate the air
    stop taking in outside air
    use recirculated air`,
    `shut off the air from outside
    exhaust fumes out there, switch to inside air
    circulate the cabin air
    seal off the outside air
    there's smoke outside, only circulate inside air`,
  ),
  group(
    3.5,
    { change: "warmer" },
    `it's too cold
    it's cold
    it's cold in here
    I'm cold
    I'm freezing
    I am cold
    it's freezing in here
    it's freezing
    a bit warmer
    warmer
    make it warmer
    make it a [bit|little|touch] warmer
    can you make it warmer
    a little warmer
    I want it warmer
    I'd like it a bit warmer
    turn up the [heat|temperature|heating]
    turn the [heat|temperature|heating] up
    raise the temperature
    raise the temperature a bit
    increase the temperature
    it's chilly
    it's a bit chilly in here
    it's too chilly
    I'm shivering
    brr
    brr, it's cold
    I'm getting cold
    could it be a bit warmer
    my hands are freezing
    I feel cold
    it's like a fridge in here
    it could be warmer in here
    more heat
    warm it up a bit
    temperature up
    higher temperature`,
    `I've got goosebumps from the cold
    my teeth are chattering
    it's icy in this car
    some more warmth would be nice
    bump up the heat
    not warm enough
    a tad warmer`,
  ),
  group(
    3.5,
    { change: "cooler" },
    `I'm hot
    I'm hot, cooler
    it's too hot
    it's hot
    it's hot in here
    it's too warm
    it's too warm in here
    I'm too warm
    I'm sweating
    I'm boiling
    I'm melting
    cooler
    a bit cooler
    a little cooler
    make it cooler
    make it a [bit|little|touch] cooler
    make it colder
    a bit colder
    colder
    can you make it cooler
    I want it cooler
    I'd like it a bit cooler
    turn down the [heat|temperature|heating]
    turn the [heat|temperature|heating] down
    lower the temperature
    lower the temperature a bit
    decrease the temperature
    reduce the temperature
    it's stuffy and hot
    it's boiling in here
    it's an oven in here
    I'm getting hot
    I feel hot
    could it be a bit cooler
    less heat
    it could be cooler in here
    temperature down
    lower temperature
    it's like a sauna in here`,
    `I'm roasting
    sweat is running down my face
    it's scorching in this car
    some coolness would be nice
    drop the temperature a little
    not cool enough
    a tad cooler`,
  ),
  group(
    1.5,
    { change: "warmer", zone: "{zone}" },
    `warmer {zone}
    a bit warmer {zone}
    make it warmer {zone}
    make it a bit warmer {zone}
    turn up the heat {zone}
    raise the temperature {zone}
    a little warmer {zone}
    could it be warmer {zone}`,
    "bump up the heat {zone}\na tad warmer {zone}",
  ),
  group(
    1.5,
    { change: "cooler", zone: "{zone}" },
    `cooler {zone}
    a bit cooler {zone}
    make it cooler {zone}
    make it a bit cooler {zone}
    make it colder {zone}
    turn down the heat {zone}
    lower the temperature {zone}
    a little cooler {zone}
    could it be cooler {zone}`,
    "drop the temperature {zone}\na tad cooler {zone}",
  ),
  group(
    0.8,
    { change: "warmer", zone: "rear" },
    "it's cold in the back\nit's too cold in the back\nit's freezing in the back\nthe back is too cold\nit's cold in the rear\nback there it's freezing\nthe kids are freezing in the back",
    "it's chilly back there in the rear",
  ),
  group(
    0.8,
    { change: "cooler", zone: "rear" },
    "it's hot in the back\nit's too hot in the back\nit's too warm in the back\nthe back is too warm\nit's hot in the rear\nthe kids are sweating in the back",
    "it's boiling back there in the rear",
  ),
  group(
    1,
    { change: "warmer", zone: "{zone_subject}" },
    "{zone_subject} cold\n{zone_subject} freezing\n{zone_subject} too cold\n{zone_subject} shivering\n{zone_subject} cold, make it warmer\n{zone_subject} a bit cold",
    "{zone_subject} feeling the cold\n{zone_subject} getting chilly",
  ),
  group(
    1,
    { change: "cooler", zone: "{zone_subject}" },
    "{zone_subject} hot\n{zone_subject} sweating\n{zone_subject} too hot\n{zone_subject} too warm\n{zone_subject} hot, make it cooler\n{zone_subject} boiling",
    "{zone_subject} feeling the heat\n{zone_subject} overheating",
  ),
];

export const set_climate = {
  train: groups.map(({ train }) => train),
  heldout: groups.flatMap(({ heldout }) => heldout ?? []),
};
