import { lines } from "../lists.mjs";

export const get_range = {
  train: [
    {
      weight: 4,
      say: lines(`how far can I get
        how far can I go
        how far can we get
        how far can I drive
        how far can I still drive
        how far will this charge take me
        how far does the battery last
        how far does this charge go
        how much battery is left
        how much battery do I have
        how much battery do we have left
        how much charge is left
        how much charge do I have
        how much range is left
        how much range do I have
        how much power is left
        how much juice is left
        how many kilometres are left
        how many kilometres can I drive
        how many miles are left
        how many miles do I have left
        how many miles can I go
        what's the range
        what's my range
        what is the remaining range
        what's the battery level
        what's the battery at
        what's the state of charge
        what's the charge
        what percentage is the battery
        what is the battery status
        range
        battery
        battery level
        battery status
        remaining range
        range left
        charge level
        state of charge
        show me the range
        show the battery level
        tell me the range
        tell me the battery level
        tell me how far I can go
        check the battery
        check the range
        check the battery level
        is the battery low
        is there enough battery left
        is the battery full
        do I have enough charge
        do I need to charge soon
        do we need to charge
        when do I need to charge
        when will the battery be empty
        how long will the battery last
        how long until I need to charge
        how full is the battery
        how empty is the battery
        what's left in the battery
        current range
        battery percentage`),
      call: {},
    },
    {
      weight: 8,
      say: lines(`will I make it to {far}
        will I get to {far}
        will I reach {far}
        will we make it to {far}
        will we get to {far} with this charge
        will we reach {far}
        will I make it to {far} without charging
        will I get to {far} without charging
        will the battery last to {far}
        will the battery last until {far}
        will the battery get me to {far}
        will the charge last to {far}
        will the range be enough for {far}
        will this get me to {far}
        is the charge enough for {far}
        is the battery enough for {far}
        is the battery enough to get to {far}
        is there enough charge for {far}
        is there enough battery for {far}
        is there enough battery to reach {far}
        is the range enough for {far}
        is the range enough to get to {far}
        is my range enough for {far}
        is it enough for {far}
        is it enough to get to {far}
        is {far} within range
        is {far} in range
        is {far} too far for this charge
        can I make it to {far}
        can I get to {far} with this charge
        can I get to {far} without charging
        can I reach {far}
        can I reach {far} without charging
        can we make it to {far}
        can we get to {far} on this battery
        can I drive to {far} without charging
        can the car make it to {far}
        do I have enough battery for {far}
        do I have enough battery to get to {far}
        do I have enough charge for {far}
        do I have enough charge to get to {far}
        do I have enough range for {far}
        do I have the range for {far}
        do we have enough battery for {far}
        do we have enough charge to reach {far}
        do we have enough juice to get to {far}
        do I need to charge before {far}
        do I need to charge to get to {far}
        do we need to charge on the way to {far}
        have I got enough battery for {far}
        have we got enough charge for {far}
        enough battery for {far}
        enough charge for {far}
        enough range to {far}
        does the battery last to {far}
        does the charge reach to {far}
        am I going to make it to {far}
        are we going to make it to {far}
        we're off to {far}, is the battery enough
        I want to go to {far}. Will the battery last?
        I'm driving to {far}, is the charge enough
        check whether the battery is enough for {far}
        check if I can make it to {far}
        tell me if I'll make it to {far}
        could I make it to {far} on this charge
        could we reach {far} with what's left`),
      call: { destination: "{far}" },
    },
  ],
  heldout: [
    {
      weight: 3,
      say: lines(`what distance is still possible
        how much longer can I keep driving on this charge
        when do I run out of power
        give me the battery reading
        where's the battery at
        how much electricity have we got left
        what kind of range am I looking at`),
      call: {},
    },
    {
      weight: 6,
      say: lines(`is there any chance of reaching {far} on this charge
        would the battery hold out as far as {far}
        does what's left suffice for {far}
        {far}, can we manage that on the current charge
        have I the range to get to {far}
        would I have to charge on the way to {far}
        shall we make it all the way to {far}
        are we good on battery for {far}
        does the range cover {far}
        I'm thinking of {far}, is there enough charge`),
      call: { destination: "{far}" },
    },
  ],
};
