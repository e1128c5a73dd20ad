import { lines } from "../lists.mjs";

const at = (position) => ({ window: "{window}", position });
const short = (position) => ({ window: "{window_short}", position });

export const set_window = {
  train: [
    {
      weight: 4,
      say: lines(`open {window}
        open up {window}
        roll down {window}
        roll {window} down
        wind down {window}
        wind {window} down
        put {window} down
        lower {window}
        let down {window}
        let {window} down
        take {window} down
        open {window} fully
        open {window} all the way
        open {window} completely
        {window} open
        I want {window} open
        can I have {window} open
        I'd like to open {window}
        I'd like {window} open
        get {window} open
        pull down {window}
        fully open {window}
        slide {window} open
        move {window} down
        I need fresh air, open {window}
        it's stuffy, open {window}
        it smells in here, open {window}
        open {window} for me
        we're at the ticket machine, open {window}`),
      call: at(100),
    },
    {
      weight: 1.2,
      say: lines(
        "open {window_short}\n{window_short} open\n{window_short} down\nroll down {window_short}\n{window_short} fully open",
      ),
      call: short(100),
    },
    {
      weight: 4,
      say: lines(`close {window}
        shut {window}
        roll up {window}
        roll {window} up
        wind up {window}
        wind {window} up
        put {window} up
        raise {window}
        close up {window}
        close {window} completely
        close {window} fully
        {window} closed
        I want {window} closed
        I'd like to close {window}
        I'd like {window} closed
        get {window} closed
        slide {window} shut
        move {window} up
        fully close {window}
        it's loud, close {window}
        it's raining, close {window}
        it's starting to rain. Close {window}!
        there's a draught, close {window}
        it's windy, shut {window}
        make sure {window} is closed
        close {window} again
        keep {window} shut
        my hair is blowing about, close {window}`),
      call: at(0),
    },
    {
      weight: 1.2,
      say: lines(
        "close {window_short}\n{window_short} closed\n{window_short} up\nshut {window_short}\nroll up {window_short}\n{window_short} shut",
      ),
      call: short(0),
    },
    {
      weight: 6,
      say: lines(`open {window} {position}
        roll down {window} {position}
        roll {window} down {position}
        wind {window} down {position}
        put {window} down {position}
        let {window} down {position}
        {window} {position} open
        open up {window} {position}
        I want {window} open {position}
        I'd like {window} {position} open
        can you open {window} {position}
        slide {window} open {position}
        move {window} down {position}
        I need some air, open {window} {position}
        lower {window} {position}
        leave {window} open {position}`),
      call: at("{position}"),
    },
    {
      weight: 1,
      say: lines("open {window_short} {position}\n{window_short} open {position}\n{window_short} down {position}"),
      call: short("{position}"),
    },
    {
      weight: 2.5,
      say: lines(`set {window} to {share}
        {window} to {share}
        {window} at {share}
        open {window} to {share}
        put {window} at {share}
        bring {window} to {share}
        adjust {window} to {share}
        move {window} to {share}
        have {window} at {share}
        I want {window} at {share}
        {window} {share}
        set {window} to {share} open
        keep {window} {share} open
        change {window} to {share}
        position of {window} {share}`),
      call: at("{share}"),
    },
    {
      weight: 0.6,
      say: lines("{window_short} {share}\n{window_short} to {share}\n{window_short} at {share}"),
      call: short("{share}"),
    },
    {
      weight: 2,
      say: lines(`crack {window}
        crack open {window}
        crack {window} open
        crack {window} a bit
        open {window} just a crack
        let {window} down a tad
        open {window} ever so slightly
        open {window} slightly
        leave {window} open a crack
        just a crack of {window}
        let a bit of air in through {window}
        open {window} a smidge`),
      call: at(10),
    },
    {
      weight: 2,
      say: lines(`half open {window}
        {window} half open
        {window} halfway
        {window} halfway down
        open {window} half way
        {window} half down
        put {window} halfway
        set {window} to half
        open half of {window}
        close {window} halfway
        {window} to the middle
        bring {window} halfway up`),
      call: at(50),
    },
  ],
  heldout: [
    {
      weight: 3,
      say: lines(`have {window} opened
        drop {window}
        let some air in through {window}
        could {window} go down
        {window} should be wide open
        bring {window} down
        I could use a breeze, lower {window}`),
      call: at(100),
    },
    {
      weight: 3,
      say: lines(`have {window} closed
        seal {window}
        could {window} go up
        {window} should be shut
        bring {window} up
        it's noisy out there, put {window} up
        no more draught, shut {window}`),
      call: at(0),
    },
    {
      weight: 3,
      say: lines(`get {window} open {position}
        drop {window} {position}
        I'd love {window} open {position}
        bring {window} down {position}
        pull {window} down {position}`),
      call: at("{position}"),
    },
    {
      weight: 2,
      say: lines(
        "have {window} open at {share}\nlet's put {window} to {share}\nposition {window} at {share}\nturn {window} to {share}",
      ),
      call: at("{share}"),
    },
    {
      weight: 1,
      say: lines("leave {window} open by a crack\nget {window} cracked open\nlet in a little air with {window}"),
      call: at(10),
    },
    { weight: 1, say: lines("get {window} to half\nhave {window} halfway open\ndrop {window} halfway"), call: at(50) },
  ],
};
