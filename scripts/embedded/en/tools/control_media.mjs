import { lines } from "../lists.mjs";

const group = (action, train, heldout) => ({
  train: { weight: 1, call: { action }, say: lines(train) },
  heldout: { weight: 1, call: { action }, say: lines(heldout) },
});
const volume = { action: "volume", level: "{percent}" };

const groups = [
  group(
    "play",
    `play
    play music
    play the music
    play some music
    resume
    resume playback
    resume the music
    resume playing
    continue
    continue playing
    continue the music
    continue the song
    keep playing
    go on playing
    start the music
    start playing
    start playback
    start the music again
    turn on the music
    turn the music on
    turn the music back on
    music on
    music
    music please
    put the music on
    put on music
    put on the music again
    unpause
    hit play
    press play
    play it
    play again
    let the music play
    carry on with the song
    back to the music
    I want to hear music
    I want music
    I'd like some music
    let's have some music
    can we have some music`,
    `pick up where the music stopped
    let it play on
    get the music going
    go on with the music
    some tunes please
    bring the music back
    playback on`,
  ),
  group(
    "pause",
    `pause
    pause the music
    pause the song
    pause it
    pause this
    pause playback
    pause the podcast
    stop
    stop the music
    stop the song
    stop playing
    stop playback
    stop it
    stop this song
    stop the radio
    stop that
    turn off the music
    turn the music off
    turn off the radio
    turn the radio off
    turn off the sound system
    music off
    radio off
    switch off the music
    switch the music off
    no more music
    halt the music
    hold the music
    hold on, pause
    wait, stop the music
    hit pause
    press pause
    press stop
    freeze the song
    shut off the music
    end the music
    cut the music
    stop the audiobook
    enough music
    I don't want music any more
    I need to take a call, pause the music
    I have to concentrate, stop the music`,
    `give the music a rest
    interrupt playback
    quit playing
    put the song on hold
    let's have a break from the music
    that's enough of the radio
    cease playing`,
  ),
  group(
    "next",
    `next
    next song
    next track
    next one
    next title
    skip
    skip this
    skip it
    skip this song
    skip this one
    skip this track
    skip the song
    skip ahead
    skip to the next song
    skip to the next track
    go to the next song
    go to the next track
    play the next song
    play the next one
    play the next track
    move on to the next song
    jump to the next song
    forward to the next track
    another song
    play another song
    a different song
    change the song
    change song
    I don't like this song
    I don't like this one, next
    I hate this song
    I hate this, skip it
    not this song
    not this one
    next episode
    skip this episode
    switch to the next song
    on to the next one`,
    `I've heard this too often, move on
    let's hear what comes after this
    pass on this song
    give me the following track
    get to the next one
    past this one please
    onward to the next song`,
  ),
  group(
    "previous",
    `previous
    previous song
    previous track
    previous one
    last song
    go back
    go back a song
    go back one song
    go back one
    go back a track
    go back to the last song
    go back to the previous song
    go back to the previous track
    play the previous song
    play the previous one
    play the previous track
    play the last song again
    play the last one again
    play that last song again
    back
    back one
    back one song
    one song back
    one back
    one track back
    skip back
    jump back a song
    return to the previous song
    the song before
    the one before
    the song before this one
    what was that last song? Play it again
    rewind to the last song
    play what was on before
    switch to the previous song
    previous episode
    I liked the last one, go back
    I missed the last song, go back`,
    `let me hear the one before this
    step back a track
    put the earlier song on again
    reverse to the last track
    that last tune once more
    give me the preceding song
    take me back one song`,
  ),
  group(
    "louder",
    `louder
    turn it up
    turn up the volume
    turn the volume up
    turn up the music
    turn the music up
    turn up the sound
    turn it up a bit
    turn it up a little
    turn up the radio
    turn the radio up
    volume up
    raise the volume
    increase the volume
    make it louder
    make the music louder
    a bit louder
    a little louder
    can you make it louder
    could it be louder
    I can't hear it
    I can't hear anything
    I can't hear the music
    I can barely hear it
    it's too quiet
    this is too quiet
    too quiet
    much louder
    more volume
    pump it up
    pump up the volume
    crank it up
    crank up the music
    louder music
    higher volume
    sound up
    I love this song, turn it up`,
    `boost the volume
    give it more volume
    I'd like to hear it better
    beef up the sound
    amp it up
    the sound is too low
    blast it`,
  ),
  group(
    "quieter",
    `quieter
    turn it down
    turn down the volume
    turn the volume down
    turn down the music
    turn the music down
    turn down the sound
    turn it down a bit
    turn it down a little
    turn down the radio
    turn the radio down
    volume down
    lower the volume
    reduce the volume
    decrease the volume
    make it quieter
    make the music quieter
    make it softer
    softer
    a bit quieter
    a little quieter
    a bit softer
    can you make it quieter
    could it be quieter
    it's too loud
    this is too loud
    too loud
    that's way too loud
    the music is too loud
    not so loud
    less volume
    less loud
    quiet down the music
    my ears hurt, turn it down
    lower volume
    sound down
    the baby is sleeping, turn it down
    I can't hear my passenger, turn the music down`,
    `bring the volume down a notch
    tone it down
    ease off the volume
    this is deafening
    a touch softer
    dial down the sound
    keep it down, the music is blaring`,
  ),
  group(
    "mute",
    `mute
    mute it
    mute the sound
    mute the music
    mute the audio
    mute the radio
    mute this
    mute everything
    sound off
    turn off the sound
    turn the sound off
    switch off the sound
    switch the sound off
    no sound
    audio off
    silence
    silence the music
    silence it
    silence the radio
    set it to mute
    go silent
    put it on mute
    put the radio on mute
    kill the sound
    cut the sound
    I need silence, mute it
    mute the speakers
    mute the stereo
    turn off the audio
    shut the sound off
    make it silent
    mute for a moment
    quickly mute`,
    `sound away
    speakers silent
    I want it muted
    let there be no sound
    hush the speakers
    get it muted
    take the sound away`,
  ),
  group(
    "unmute",
    `unmute
    unmute it
    unmute the sound
    unmute the music
    unmute the radio
    unmute the audio
    sound back on
    sound on
    sound on again
    turn the sound back on
    turn the sound on
    turn on the sound
    turn the sound on again
    switch the sound back on
    switch the sound on
    switch on the sound
    bring the sound back
    bring back the sound
    audio on
    audio back on
    turn the audio back on
    un-mute
    end mute
    stop muting
    take it off mute
    mute off
    turn mute off
    turn off mute
    no more mute
    give me sound again
    give me the sound back
    unmute the speakers
    I want to hear the sound again`,
    `lift the mute
    let the speakers sound again
    sound again please
    end the silence
    get the sound back
    cancel mute
    undo the mute`,
  ),
];

export const control_media = {
  train: [
    ...groups.map(({ train }) => train),
    {
      weight: 2,
      say: lines(`volume to {percent}
        volume {percent}
        volume at {percent}
        set the volume to {percent}
        set volume to {percent}
        set the volume at {percent}
        set the music to {percent}
        set the sound to {percent}
        put the volume at {percent}
        put the volume on {percent}
        turn the volume to {percent}
        turn the volume up to {percent}
        turn the volume down to {percent}
        turn it up to {percent}
        turn it down to {percent}
        change the volume to {percent}
        change volume to {percent}
        make the volume {percent}
        raise the volume to {percent}
        lower the volume to {percent}
        reduce the volume to {percent}
        increase the volume to {percent}
        bring the volume to {percent}
        adjust the volume to {percent}
        I want the volume at {percent}
        sound at {percent}
        volume level {percent}
        set the volume level to {percent}
        music volume {percent}
        music to {percent}
        radio volume to {percent}
        play it at volume {percent}
        the volume should be {percent}
        can we have the volume at {percent}`),
      call: volume,
    },
    {
      weight: 0.35,
      say: lines(
        "full volume\nvolume to max\nmaximum volume\nvolume to the maximum\nset the volume to maximum\nturn the volume all the way up",
      ),
      call: { action: "volume", level: 100 },
    },
    {
      weight: 0.35,
      say: lines("half volume\nvolume to half\nset the volume to half\nvolume at half\nturn the volume to half"),
      call: { action: "volume", level: 50 },
    },
  ],
  heldout: [
    ...groups.map(({ heldout }) => heldout),
    {
      weight: 2,
      say: lines(`have the volume at {percent}
        get the volume to {percent}
        let's go to volume {percent}
        loudness {percent}
        move the volume to {percent}
        dial the volume to {percent}
        sound level to {percent}`),
      call: volume,
    },
  ],
};
