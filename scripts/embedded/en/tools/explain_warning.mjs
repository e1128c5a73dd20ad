import { lines } from "../lists.mjs";

export const explain_warning = {
  train: [
    {
      weight: 4,
      say: lines(`what does the {warning} light mean
        what does the {warning} warning mean
        what does the {warning} symbol mean
        what does this {warning} light mean
        what does the {warning} warning light mean
        what does the {warning} sign mean
        what does the {warning} indicator mean
        what does the {warning} message mean
        what is the {warning} light
        what's the {warning} light for
        what is the {warning} warning about
        why is the {warning} light on
        why did the {warning} light come on
        why does the {warning} light stay on
        why is the {warning} warning showing
        why is the {warning} light blinking
        the {warning} light is on
        the {warning} light came on
        the {warning} light just came on
        the {warning} light just went on
        the {warning} light is flashing
        the {warning} light is blinking
        the {warning} light won't go off
        the {warning} warning is on
        the {warning} warning just came up
        the {warning} symbol is lit
        the {warning} symbol is glowing
        the {warning} indicator is on
        my {warning} light is on
        my {warning} light came on
        my {warning} warning is on
        it says {warning} on the dashboard
        {warning} light
        {warning} warning
        {warning} warning light
        {warning} light on
        {warning} symbol
        explain the {warning} light
        explain the {warning} warning
        explain the {warning} symbol
        explain the {warning} message
        tell me about the {warning} light
        tell me what the {warning} light means
        I see the {warning} warning light
        the car says {warning}
        the dashboard shows the {warning} light
        what should I do about the {warning} light
        what do I do when the {warning} light is on
        what do I do about the {warning} warning
        is the {warning} light serious
        is the {warning} warning serious
        is the {warning} light dangerous
        can I keep driving with the {warning} light on
        can I drive on with the {warning} warning
        the {warning} light is on. What now?
        the {warning} light has come on, is that bad
        do I have to worry about the {warning} light
        should I worry about the {warning} warning
        help, the {warning} light is on`),
      call: { warning: "{warning}" },
    },
    {
      weight: 1.5,
      say: lines(`why is there {a_warning} warning
        there's {a_warning} light
        there's {a_warning} warning
        there's {a_warning} warning on the dashboard
        there's {a_warning} symbol on the display
        I have {a_warning} warning
        I've got {a_warning} light
        I got {a_warning} warning
        I see {a_warning} light
        {a_warning} light came on
        {a_warning} warning popped up
        the car shows {a_warning} warning`),
      call: { warning: "{a_warning}" },
    },
    {
      weight: 3,
      say: lines(`there's {warning_sign}
        there is {warning_sign}
        there's {warning_sign} on the dashboard
        there's {warning_sign} on the display
        I see {warning_sign}
        I see {warning_sign} on the dashboard
        I can see {warning_sign}, what does it mean
        what does it mean when there's {warning_sign}
        what is {warning_sign}
        what does {warning_sign} mean
        what does {warning_sign} on the dashboard mean
        what's {warning_sign} doing there
        {warning_sign} lit up
        {warning_sign} is on
        {warning_sign} just came on
        {warning_sign} appeared
        {warning_sign} appeared on the dashboard
        {warning_sign} is flashing
        {warning_sign} popped up
        the car shows {warning_sign}
        the car shows me {warning_sign}
        the display shows {warning_sign}
        the dashboard shows {warning_sign}
        my car is showing {warning_sign}
        I got {warning_sign}
        I've got {warning_sign}
        I have {warning_sign} on the dash
        why is there {warning_sign}
        why do I see {warning_sign}
        explain {warning_sign}
        {warning_sign}, what does that mean
        {warning_sign}, is that bad
        suddenly there's {warning_sign}`),
      call: { warning: "{warning_sign}" },
    },
  ],
  heldout: [
    {
      weight: 3,
      say: lines(`any idea why the {warning} light has lit up
        what's the {warning} lamp trying to tell me
        the {warning} lamp keeps glowing
        something about {warning} is lit on the dash
        could you clarify the {warning} warning
        do I have to pull over because of the {warning} light
        I'm puzzled by the {warning} light
        what's up with the {warning} light`),
      call: { warning: "{warning}" },
    },
    {
      weight: 1.5,
      say: lines(`how bad is {a_warning} warning
        {a_warning} alert has shown up`),
      call: { warning: "{a_warning}" },
    },
    {
      weight: 2,
      say: lines(`could you tell me what {warning_sign} stands for
        I've just noticed {warning_sign}
        what am I to make of {warning_sign}
        {warning_sign} keeps coming up
        the instrument panel has {warning_sign}
        what's the meaning of {warning_sign}`),
      call: { warning: "{warning_sign}" },
    },
  ],
};
