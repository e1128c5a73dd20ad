import { lines } from "../lists.mjs";

const plain = { destination: "{destination}" };
const by = (mode) => ({ destination: "{destination}", mode });

export const navigate = {
  train: [
    {
      weight: 10,
      say: lines(`take me to {destination}
        navigate to {destination}
        navigate me to {destination}
        directions to {destination}
        give me directions to {destination}
        get me directions to {destination}
        show me the way to {destination}
        how do I get to {destination}
        how do we get to {destination}
        how can I get to {destination}
        go to {destination}
        let's go to {destination}
        bring me to {destination}
        get me to {destination}
        route to {destination}
        plan a route to {destination}
        start a route to {destination}
        start navigation to {destination}
        start guidance to {destination}
        set a course for {destination}
        guide me to {destination}
        set the destination to {destination}
        set {destination} as [the|my|our] destination
        destination {destination}
        new destination: {destination}
        to {destination}
        head to {destination}
        head for {destination}
        I need to get to {destination}
        I want to go to {destination}
        I have to be at {destination}
        I need to go to {destination}
        I'd like to go to {destination}
        we want to go to {destination}
        we need to get to {destination}
        we're going to {destination}
        we're heading to {destination}
        I'm going to {destination}
        what's the way to {destination}
        what is the fastest way to {destination}
        what's the quickest route to {destination}
        which way is it to {destination}
        which way to {destination}
        where do I go for {destination}
        find the way to {destination}
        find a route to {destination}
        show the route to {destination}
        lead me to {destination}
        point me to {destination}
        put {destination} in the [navigation|sat nav|GPS|navi]
        put {destination} into the navigation system
        enter {destination} as the destination
        navigation to {destination}
        nav to {destination}
        next stop {destination}
        next stop: {destination}
        can we go to {destination}
        change the destination to {destination}
        change of plan, take me to {destination}
        I'm lost. How do I get to {destination}?
        I'm hungry, take me to {destination}
        I'm late, get me to {destination}
        I have an appointment at {destination}. Show me the way.
        get directions for {destination}
        calculate a route to {destination}
        help me get to {destination}
        help me find {destination}
        take us to {destination}
        bring us to {destination}
        I don't know the way to {destination}, guide me there
        my friends are waiting at {destination}, navigate there`),
      call: plain,
    },
    {
      weight: 1.2,
      say: lines(`take me {home}
        navigate {home}
        {home}
        go {home}
        bring me {home}
        let's go {home}
        I want to go {home}
        I'm tired, take me {home}
        directions {home}
        get me {home}
        how do I get {home}
        show me the way {home}
        take us {home}
        guide me {home}
        route {home}
        we're done here, navigate {home}
        start navigation {home}
        I need to get {home}`),
      call: { destination: "{home}" },
    },
    {
      weight: 0.5,
      say: lines(`walk me {home}
        how do I walk {home}
        {home} on foot
        walking directions {home}`),
      call: { destination: "{home}", mode: "walking" },
    },
    {
      weight: 0.4,
      say: lines("drive me {home}\ndrive {home}\nlet's drive {home}\nI want to drive {home}"),
      call: { destination: "{home}", mode: "driving" },
    },
    {
      weight: 0.5,
      say: lines(
        "{home} by [bus|train|metro|public transport]\ntake me {home} by [bus|tram|train]\nhow do I get {home} by [bus|train|subway]\nwhich bus goes {home}",
      ),
      call: { destination: "{home}", mode: "transit" },
    },
    {
      weight: 0.4,
      say: lines("cycle {home}\nhow do I cycle {home}\n{home} by bike\nguide me {home} by bike"),
      call: { destination: "{home}", mode: "cycling" },
    },
    {
      weight: 3,
      say: lines(`walk me to {destination}
        walk to {destination}
        walking directions to {destination}
        walking route to {destination}
        I want to walk to {destination}
        I'll walk to {destination}
        how do I get to {destination} on foot
        take me to {destination} on foot
        navigate to {destination} on foot
        let's walk to {destination}
        can I walk to {destination}? Show me how
        show me how to walk to {destination}
        how do I walk to {destination}
        on foot to {destination}
        to {destination} on foot
        guide me to {destination} walking
        I'm on foot, take me to {destination}
        directions to {destination} for pedestrians
        what's the best way to walk to {destination}
        navigate to {destination} by foot
        I'm walking to {destination}, show me the way
        stroll to {destination}
        walk us to {destination}`),
      call: by("walking"),
    },
    {
      weight: 3,
      say: lines(`take me to {destination} by [bike|bicycle]
        cycle to {destination}
        bike to {destination}
        I want to cycle to {destination}
        I want to go to {destination} by bike
        bike route to {destination}
        cycling directions to {destination}
        cycling route to {destination}
        how do I get to {destination} by [bike|bicycle]
        navigate to {destination} by bike
        by bike to {destination}
        to {destination} by bicycle
        I'm on my bike, get me to {destination}
        I'm cycling to {destination}, guide me
        directions to {destination} for cyclists
        how do I cycle to {destination}
        let's bike to {destination}
        I'm riding my bicycle to {destination}, show me the way
        find a bike path to {destination}
        show me the way to {destination} on a bicycle
        let's cycle to {destination}`),
      call: by("cycling"),
    },
    {
      weight: 3,
      say: lines(`take me to {destination} by [bus|train|metro|tram|subway|public transport]
        how do I get to {destination} by [bus|train|metro|tram|subway|public transport]
        which [bus|train|tram] goes to {destination}
        which [bus|train|metro line] do I take to {destination}
        public transport to {destination}
        navigate to {destination} by [public transport|bus|train|metro]
        by [bus|train|metro] to {destination}
        to {destination} by [train|bus|subway]
        I want to take the [bus|train|metro|tram] to {destination}
        transit directions to {destination}
        bus to {destination}
        train to {destination}
        what [train|bus] do I need for {destination}
        directions to {destination} with public transport
        get me to {destination} on the [bus|train|metro|subway]
        can I get to {destination} by [train|bus]? Show me the route
        I don't want to drive, how do I get to {destination} by train
        how do I get to {destination} with the [underground|metro|bus]
        is there a [bus|train] to {destination}? Take me there
        show me the [bus|train|metro] route to {destination}`),
      call: by("transit"),
    },
    {
      weight: 2.5,
      say: lines(`drive me to {destination}
        drive to {destination}
        driving directions to {destination}
        I want to drive to {destination}
        how do I drive to {destination}
        take me to {destination} by car
        how do I get to {destination} by car
        navigate to {destination} by car
        car route to {destination}
        by car to {destination}
        to {destination} by car
        let's drive to {destination}
        drive us to {destination}
        I'm driving to {destination}, guide me
        directions by car to {destination}
        we're driving to {destination}
        I need to drive to {destination}
        show me how to drive to {destination}
        drive over to {destination}`),
      call: by("driving"),
    },
  ],
  heldout: [
    {
      weight: 10,
      say: lines(`could you plot a course to {destination}
        I'm trying to reach {destination}
        what's the best route for getting to {destination}
        we're supposed to be at {destination}, show us the way
        set off for {destination}
        point the way toward {destination}
        let's make our way to {destination}
        I have to find {destination}, guide me
        program {destination} into the route planner
        I fancy going to {destination}
        give us the route for {destination}
        begin routing to {destination}
        make {destination} our next stop
        I must get to {destination} somehow
        reroute to {destination}
        which road leads to {destination}
        where do I have to turn to reach {destination}
        kindly direct me to {destination}`),
      call: plain,
    },
    {
      weight: 2,
      say: lines(`show me a footpath to {destination}
        I'd rather walk, how do I get to {destination}
        I'm going to {destination} on foot, lead the way
        what is the walk to {destination}`),
      call: by("walking"),
    },
    {
      weight: 2,
      say: lines(`pedal to {destination}
        I'm taking my bike to {destination}, which way
        what's the cycle route for {destination}
        get me to {destination} on my bike`),
      call: by("cycling"),
    },
    {
      weight: 2,
      say: lines(`which line takes me to {destination} by metro
        I'd like to ride the bus to {destination}
        get to {destination} using public transport
        what's the train connection to {destination}`),
      call: by("transit"),
    },
    {
      weight: 1.5,
      say: lines(`I'm taking the car to {destination}, guide me
        what is the drive to {destination}
        chauffeur me by car to {destination}`),
      call: by("driving"),
    },
  ],
};
