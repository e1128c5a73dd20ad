import { lines } from "../lists.mjs";

const call = (seat, what, level) => ({ seat, function: what, level });
const seat = "{seat}";

export const set_seat = {
  train: [
    {
      weight: 2,
      say: lines(`heat {seat}
        warm {seat}
        warm up {seat}
        heat up {seat}
        heat {seat} up
        turn on the heating of {seat}
        turn on the heat in {seat}
        turn the heating of {seat} on
        make {seat} warm
        I want {seat} heated
        I'd like {seat} warm
        I want {seat} warm
        preheat {seat}
        start heating {seat}
        {seat} is cold, heat it
        {seat} is cold, warm it up
        get {seat} warm
        put the heating on in {seat}
        it's cold, heat {seat}`),
      call: call(seat, "heating", 2),
    },
    {
      weight: 1.6,
      say: lines(`ventilate {seat}
        cool {seat}
        cool down {seat}
        cool {seat} down
        turn on the ventilation of {seat}
        turn on the cooling of {seat}
        turn the ventilation of {seat} on
        make {seat} cool
        I want {seat} cooled
        I want {seat} ventilated
        start cooling {seat}
        blow air through {seat}
        {seat} is hot, cool it
        {seat} is hot, ventilate it
        turn on the fan in {seat}
        put the ventilation on in {seat}`),
      call: call(seat, "ventilation", 2),
    },
    {
      weight: 1.6,
      say: lines(`massage in {seat}
        turn on the massage in {seat}
        turn on the massage of {seat}
        massage on {seat}
        start the massage in {seat}
        start massaging in {seat}
        I want a massage in {seat}
        switch on the massage for {seat}
        put the massage on in {seat}
        turn the massage on for {seat}
        give me a massage in {seat}
        activate the massage of {seat}`),
      call: call(seat, "massage", 2),
    },
    {
      weight: 2.5,
      say: lines(`turn on the seat {seat_function}
        turn the seat {seat_function} on
        seat {seat_function} on
        switch on the seat {seat_function}
        activate the seat {seat_function}
        start the seat {seat_function}
        seat {seat_function}
        put the seat {seat_function} on
        I want the seat {seat_function} on
        enable seat {seat_function}
        I'd like the seat {seat_function}
        can I have seat {seat_function}
        turn on seat {seat_function}`),
      call: call("driver", "{seat_function}", 2),
    },
    {
      weight: 2,
      say: lines(`turn on the seat {seat_function} {seat_for}
        turn the seat {seat_function} on {seat_for}
        seat {seat_function} on {seat_for}
        switch on the seat {seat_function} {seat_for}
        activate the seat {seat_function} {seat_for}
        start the seat {seat_function} {seat_for}
        seat {seat_function} {seat_for}
        I want the seat {seat_function} on {seat_for}
        enable seat {seat_function} {seat_for}`),
      call: call("{seat_for}", "{seat_function}", 2),
    },
    {
      weight: 2,
      say: lines(`turn off the seat {seat_function}
        turn the seat {seat_function} off
        seat {seat_function} off
        switch off the seat {seat_function}
        switch the seat {seat_function} off
        stop the seat {seat_function}
        deactivate the seat {seat_function}
        disable seat {seat_function}
        no more seat {seat_function}
        I don't need the seat {seat_function}
        shut off the seat {seat_function}
        end the seat {seat_function}`),
      call: call("driver", "{seat_function}", 0),
    },
    {
      weight: 2,
      say: lines(`turn off the seat {seat_function} {seat_for}
        turn the seat {seat_function} off {seat_for}
        seat {seat_function} off {seat_for}
        switch off the seat {seat_function} {seat_for}
        stop the seat {seat_function} {seat_for}
        deactivate the seat {seat_function} {seat_for}
        no more seat {seat_function} {seat_for}`),
      call: call("{seat_for}", "{seat_function}", 0),
    },
    {
      weight: 2,
      say: lines(`turn off the {seat_function} of {seat}
        turn the {seat_function} of {seat} off
        switch off the {seat_function} in {seat}
        stop the {seat_function} in {seat}
        {seat_function} of {seat} off
        no {seat_function} in {seat}
        shut off the {seat_function} in {seat}
        deactivate the {seat_function} of {seat}`),
      call: call(seat, "{seat_function}", 0),
    },
    {
      weight: 1,
      say: lines(`stop heating {seat}
        {seat} is too hot, heating off
        stop warming {seat}
        don't heat {seat} any more
        {seat} is warm enough, turn the heating off`),
      call: call(seat, "heating", 0),
    },
    {
      weight: 0.6,
      say: lines(
        "stop cooling {seat}\nstop ventilating {seat}\n{seat} is cool enough, turn it off\ndon't cool {seat} any more",
      ),
      call: call(seat, "ventilation", 0),
    },
    {
      weight: 0.8,
      say: lines(
        "massage off\nstop the massage\nturn off the massage\nno more massage\nend the massage\nthat's enough massage\nstop massaging me\nswitch the massage off",
      ),
      call: call("driver", "massage", 0),
    },
    {
      weight: 1.4,
      say: lines(`massage
        massage please
        massage on
        start the massage
        turn on the massage
        give me a massage
        I want a massage
        I need a massage
        I could use a massage
        my back hurts, massage please
        my back is sore, start the massage
        my back aches. Can I get a massage?
        massage my back
        I've been driving for hours, massage please
        I'm tense, massage on
        back massage
        a back massage would be great
        how about a massage`),
      call: call("driver", "massage", 2),
    },
    {
      weight: 0.8,
      say: lines(
        "my bum is cold, seat heating please\nmy backside is freezing, heat the seat\nthe leather is cold, seat heating on\nmy seat is freezing cold, warm it\nI'm sitting on ice, heat my seat\nthis seat is cold, warm it up",
      ),
      call: call("driver", "heating", 2),
    },
    {
      weight: 0.8,
      say: lines(
        "my back is sweaty, ventilate the seat\nI'm sweating, ventilate my seat\nmy back is wet, cool my seat\nthe seat is sticky, cool it\nmy shirt sticks to the seat, ventilation please\nI'm sweating against the seat, turn on the seat fan",
      ),
      call: call("driver", "ventilation", 2),
    },
    {
      weight: 3,
      say: lines(`seat {seat_function} {seat_level}
        set the seat {seat_function} {seat_level}
        turn the seat {seat_function} {seat_level}
        put the seat {seat_function} {seat_level}
        change the seat {seat_function} {seat_level}
        switch the seat {seat_function} {seat_level}
        my seat {seat_function} {seat_level}
        I want the seat {seat_function} {seat_level}`),
      call: call("driver", "{seat_function}", "{seat_level}"),
    },
    {
      weight: 4,
      say: lines(`seat {seat_function} {seat_for} {seat_level}
        seat {seat_function} {seat_level} {seat_for}
        set the seat {seat_function} {seat_for} {seat_level}
        set the seat {seat_function} {seat_level} {seat_for}
        turn the seat {seat_function} {seat_level} {seat_for}
        put the seat {seat_function} {seat_level} {seat_for}
        {seat_for} seat {seat_function} {seat_level}
        change the seat {seat_function} {seat_for} {seat_level}`),
      call: call("{seat_for}", "{seat_function}", "{seat_level}"),
    },
    {
      weight: 4,
      say: lines(`set the {seat_function} of {seat} {seat_level}
        set the {seat_function} in {seat} {seat_level}
        turn the {seat_function} of {seat} {seat_level}
        put the {seat_function} in {seat} {seat_level}
        {seat_function} of {seat} {seat_level}
        {seat}, {seat_function} {seat_level}
        I want the {seat_function} in {seat} {seat_level}
        change the {seat_function} of {seat} {seat_level}`),
      call: call(seat, "{seat_function}", "{seat_level}"),
    },
    {
      weight: 1.6,
      say: lines(
        "{seat_short} {seat_function} {seat_level}\n{seat_short} {seat_function} {seat_level}\nset {seat_short} {seat_function} {seat_level}\nturn {seat_short} {seat_function} {seat_level}",
      ),
      call: call("{seat_short}", "{seat_function}", "{seat_level}"),
    },
    {
      weight: 1,
      say: lines(
        "turn on {seat_short} {seat_function}\n{seat_short} {seat_function}\nstart {seat_short} {seat_function}\nactivate {seat_short} {seat_function}",
      ),
      call: call("{seat_short}", "{seat_function}", 2),
    },
    {
      weight: 0.8,
      say: lines(
        "turn off {seat_short} {seat_function}\nstop {seat_short} {seat_function}\nswitch off {seat_short} {seat_function}",
      ),
      call: call("{seat_short}", "{seat_function}", 0),
    },
    {
      weight: 1.6,
      say: lines(`heat {seat} {seat_strength}
        warm {seat} {seat_strength}
        warm up {seat} {seat_strength}
        heat up {seat} {seat_strength}
        I want {seat} heated {seat_strength}
        start heating {seat} {seat_strength}`),
      call: call(seat, "heating", "{seat_strength}"),
    },
    {
      weight: 1.3,
      say: lines(`cool {seat} {seat_strength}
        ventilate {seat} {seat_strength}
        cool down {seat} {seat_strength}
        I want {seat} cooled {seat_strength}
        start cooling {seat} {seat_strength}`),
      call: call(seat, "ventilation", "{seat_strength}"),
    },
    {
      weight: 1.3,
      say: lines(`massage in {seat} {seat_strength}
        start the massage in {seat} {seat_strength}
        give me a massage in {seat} {seat_strength}
        run the massage of {seat} {seat_strength}`),
      call: call(seat, "massage", "{seat_strength}"),
    },
    {
      weight: 0.8,
      say: lines(
        "massage {seat_strength}\nmassage me {seat_strength}\nback massage {seat_strength}\nstart the massage {seat_strength}\nrun the massage {seat_strength}",
      ),
      call: call("driver", "massage", "{seat_strength}"),
    },
  ],
  heldout: [
    {
      weight: 2,
      say: lines("get {seat} heated up\n{seat} could use some warmth\ntoast {seat}\nlet's heat {seat}"),
      call: call(seat, "heating", 2),
    },
    {
      weight: 1.5,
      say: lines("get some air through {seat}\n{seat} needs cooling\nlet's ventilate {seat}"),
      call: call(seat, "ventilation", 2),
    },
    {
      weight: 1.5,
      say: lines("get the massage going in {seat}\nlet {seat} do a massage\nrun a massage on {seat}"),
      call: call(seat, "massage", 2),
    },
    {
      weight: 1,
      say: lines("my shoulders are stiff, get the massage going\nknead my back\na massage would do me good"),
      call: call("driver", "massage", 2),
    },
    {
      weight: 2,
      say: lines(
        "fire up the seat {seat_function}\nget the seat {seat_function} going\nlet's have the seat {seat_function} on",
      ),
      call: call("driver", "{seat_function}", 2),
    },
    {
      weight: 2,
      say: lines("fire up the seat {seat_function} {seat_for}\nget the seat {seat_function} going {seat_for}"),
      call: call("{seat_for}", "{seat_function}", 2),
    },
    {
      weight: 2,
      say: lines(
        "cut the seat {seat_function}\nthe seat {seat_function} can go off\nenough of the seat {seat_function}",
      ),
      call: call("driver", "{seat_function}", 0),
    },
    {
      weight: 2,
      say: lines("cut the seat {seat_function} {seat_for}\nthe seat {seat_function} can go off {seat_for}"),
      call: call("{seat_for}", "{seat_function}", 0),
    },
    {
      weight: 1.5,
      say: lines("cut the {seat_function} in {seat}\nthe {seat_function} of {seat} can go off"),
      call: call(seat, "{seat_function}", 0),
    },
    {
      weight: 2,
      say: lines("get the seat {seat_function} {seat_level}\nadjust the seat {seat_function} {seat_level}"),
      call: call("driver", "{seat_function}", "{seat_level}"),
    },
    {
      weight: 2.5,
      say: lines(
        "adjust the seat {seat_function} {seat_for} {seat_level}\nget the seat {seat_function} {seat_level} {seat_for}",
      ),
      call: call("{seat_for}", "{seat_function}", "{seat_level}"),
    },
    {
      weight: 2.5,
      say: lines("bring the {seat_function} of {seat} {seat_level}\nadjust the {seat_function} in {seat} {seat_level}"),
      call: call(seat, "{seat_function}", "{seat_level}"),
    },
    {
      weight: 1,
      say: lines("get {seat} warm {seat_strength}\nlet's heat {seat} {seat_strength}"),
      call: call(seat, "heating", "{seat_strength}"),
    },
    { weight: 1, say: lines("let's cool {seat} {seat_strength}"), call: call(seat, "ventilation", "{seat_strength}") },
  ],
};
