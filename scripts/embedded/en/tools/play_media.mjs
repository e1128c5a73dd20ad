import { lines } from "../lists.mjs";

const call = { query: "{media}" };

export const play_media = {
  train: [
    {
      say: lines(`play {media}
        play {media}
        play {media}
        play me {media}
        play us {media}
        play {media} for me
        play {media} for us
        put on {media}
        put {media} on
        put on {media} for me
        start {media}
        start playing {media}
        listen to {media}
        I want to listen to {media}
        I want to hear {media}
        I wanna hear {media}
        I'd like to hear {media}
        I'd like to listen to {media}
        I would like to hear {media}
        I feel like listening to {media}
        I feel like {media}
        I'm in the mood for {media}
        let's listen to {media}
        let's hear {media}
        let me hear {media}
        let me listen to {media}
        let's play {media}
        can I hear {media}
        can we listen to {media}
        can we hear {media}
        could we have {media}
        turn on {media}
        tune in to {media}
        tune to {media}
        switch to {media}
        change to {media}
        switch over to {media}
        give me {media}
        give us {media}
        stream {media}
        hit play on {media}
        find and play {media}
        how about {media}
        let's have {media}
        could you put on {media}
        could you play {media}
        can you play {media}
        would you play {media}
        let's put on {media}
        we want to hear {media}
        we want to listen to {media}
        the kids want to hear {media}
        my daughter wants to hear {media}
        my passenger would like to listen to {media}
        instead of this, play {media}
        play something else: {media}
        not this, play {media}
        I'm bored, play {media}
        long drive ahead, put on {media}
        just play {media}
        now play {media}
        play {media} in the car
        cue {media}
        start with {media}
        I love this day. Play {media}!
        it's party time, play {media}`),
      call,
    },
  ],
  heldout: [
    {
      say: lines(`let {media} play
        get {media} going
        throw on {media}
        spin {media}
        I could go for {media}
        I'm craving {media}
        make it {media} on the speakers
        fill the car with {media}
        have the stereo play {media}
        we'd enjoy {media}
        treat us to {media}
        bring on {media}
        run {media} through the speakers
        I'd love to hear {media}
        entertain me with {media}
        pop on {media}`),
      call,
    },
  ],
};
