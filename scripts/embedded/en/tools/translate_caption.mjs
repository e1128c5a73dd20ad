import { lines } from "../lists.mjs";

const call = { language: "{language}" };

export const translate_caption = {
  train: [
    {
      say: lines(`subtitles in {language}
        captions in {language}
        {language} subtitles
        {language} captions
        {language} subtitles on
        turn on {language} subtitles
        turn on {language} captions
        turn on captions in {language}
        show {language} subtitles
        show captions in {language}
        show me subtitles in {language}
        show me the captions in {language}
        give me {language} subtitles
        give me captions in {language}
        I want subtitles in {language}
        I need captions in {language}
        I'd like {language} subtitles
        switch the captions to {language}
        switch to {language} subtitles
        switch subtitles to {language}
        change the captions to {language}
        change the subtitle language to {language}
        set the captions to {language}
        set the caption language to {language}
        translate into {language}
        translate to {language}
        translate this into {language}
        translate this to {language}
        translate that into {language}
        translate what [she|he|this man|this woman|the lady] says into {language}
        translate what [she is|he is|they are|the waiter is|the guide is|this person is] saying into {language}
        translate what they say to {language}
        translate what I hear into {language}
        translate what people say into {language}
        translate the conversation into {language}
        translate the speech into {language}
        translate the speaker into {language}
        translate everything into {language}
        translate for me into {language}
        translate [her|him|them] into {language}
        translate live into {language}
        live translation into {language}
        live captions in {language}
        live subtitles in {language}
        start live translation to {language}
        start captions in {language}
        start translating into {language}
        can you translate this into {language}
        can I have subtitles in {language}
        can I get captions in {language}
        could I see that in {language}
        put that into {language}
        put it in {language} captions
        caption this in {language}
        caption [him|her|them] in {language}
        subtitle this in {language}
        display what is being said in {language}
        show what [he|she|the guide|the driver] says in {language}
        I don't understand [him|her|them], translate into {language}
        I don't understand a word. {language} subtitles please
        let me read what they say in {language}
        I want to read along in {language}
        what is [she|he] saying in {language}
        what are they saying? Translate to {language}
        interpret into {language}
        interpret this in {language}
        {language} translation
        {language} please, translate
        turn the speech around me into {language} text
        make the captions {language}
        my grandma only reads {language}, put on subtitles
        keep translating into {language}`),
      call,
    },
  ],
  heldout: [
    {
      say: lines(`let the captions appear in {language}
        could we have it captioned in {language}
        I'd prefer to read this in {language}
        render the conversation in {language}
        transcribe what's said around me in {language}
        help me follow them in {language}
        bring up {language} text for what they're saying
        convert their words to {language}
        use {language} for the captions
        I only speak {language}, caption what the people here say
        have the subtitles come up in {language}
        text overlay in {language} for this talk
        what would that be in {language}, show captions
        go on with {language} subtitles
        provide a running translation in {language}
        read out the dialogue as {language} captions`),
      call,
    },
  ],
};
