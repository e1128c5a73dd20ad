import { lines } from "../lists.mjs";

const any = { recipient: "{recipient}", text: "{text}" };
const told = { recipient: "{recipient}", text: "{statement}" };

export const draft_message = {
  train: [
    {
      weight: 7,
      say: lines(`tell {recipient} that {statement}
        tell {recipient} {statement}
        let {recipient} know that {statement}
        let {recipient} know {statement}
        text {recipient} that {statement}
        message {recipient} that {statement}
        write to {recipient} that {statement}
        write {recipient} that {statement}
        inform {recipient} that {statement}
        send {recipient} a message that {statement}
        send a message to {recipient} that {statement}
        send a text to {recipient} that {statement}
        drop {recipient} a line that {statement}
        remind {recipient} that {statement}
        please tell {recipient} {statement}
        I need to tell {recipient} that {statement}
        I want {recipient} to know that {statement}
        I want to tell {recipient} that {statement}
        say to {recipient} that {statement}
        make sure {recipient} knows that {statement}
        tell {recipient} for me that {statement}
        go ahead and tell {recipient} that {statement}
        give {recipient} a heads up that {statement}
        shoot {recipient} a text that {statement}`),
      call: told,
    },
    {
      weight: 9,
      say: lines(`tell {recipient}: {text}
        tell {recipient}, {text}
        text {recipient} {text}
        text {recipient}: {text}
        text {recipient}, {text}
        message {recipient} {text}
        message {recipient}: {text}
        message to {recipient}: {text}
        message for {recipient}: {text}
        text to {recipient}: {text}
        write to {recipient}: {text}
        write {recipient}: {text}
        write to {recipient} {text}
        write {recipient} a message: {text}
        write a message to {recipient}: {text}
        write a message to {recipient} saying {text}
        write a text to {recipient} saying {text}
        write {recipient} a text: {text}
        send {recipient} a message: {text}
        send {recipient} a message saying {text}
        send {recipient} a text saying {text}
        send {recipient} a text: {text}
        send a message to {recipient}: {text}
        send a message to {recipient} saying {text}
        send a text to {recipient} saying {text}
        send a text to {recipient}: {text}
        send {recipient} the message {text}
        send {recipient} this: {text}
        send this to {recipient}: {text}
        draft a message to {recipient}: {text}
        draft a message to {recipient} saying {text}
        draft a text for {recipient}: {text}
        compose a message to {recipient}: {text}
        new message to {recipient}: {text}
        answer {recipient}: {text}
        reply to {recipient}: {text}
        reply to {recipient} with {text}
        reply {text} to {recipient}
        say {text} to {recipient}
        send {text} to {recipient}
        text "{text}" to {recipient}
        text {recipient} "{text}"
        tell {recipient} "{text}"
        send {recipient} "{text}"
        write "{text}" to {recipient}
        ask {recipient}: {text}
        ask {recipient}, {text}
        text my reply to {recipient}: {text}
        message {recipient} saying {text}
        I want to write to {recipient}: {text}
        I need to text {recipient}: {text}
        I'd like to send {recipient} a message saying {text}
        could you send {recipient} a message saying {text}
        SMS to {recipient}: {text}
        quick message to {recipient}: {text}
        prepare a message for {recipient}: {text}`),
      call: any,
    },
    {
      weight: 2.5,
      say: lines(`tell {recipient} to {order}
        ask {recipient} to {order}
        remind {recipient} to {order}
        text {recipient} to {order}
        message {recipient} to {order}
        write {recipient} to {order}
        let {recipient} know to {order}
        send {recipient} a message to {order}
        I want {recipient} to know to {order}
        I need to ask {recipient} to {order}`),
      call: { recipient: "{recipient}", text: "{order}" },
    },
    {
      weight: 2,
      say: lines(`ask {recipient} {wonder}
        text {recipient} and ask {wonder}
        message {recipient} and ask {wonder}
        write to {recipient} and ask {wonder}
        send {recipient} a message asking {wonder}
        I want to ask {recipient} {wonder}
        find out from {recipient} {wonder}
        check with {recipient} {wonder}`),
      call: { recipient: "{recipient}", text: "{wonder}" },
    },
  ],
  heldout: [
    {
      weight: 5,
      say: lines(`pass on to {recipient} that {statement}
        {recipient} should know that {statement}
        get word to {recipient} that {statement}
        fire off a message to {recipient} that {statement}
        do me a favour and tell {recipient} {statement}
        mention to {recipient} that {statement}
        drop a note to {recipient} that {statement}
        notify {recipient} that {statement}`),
      call: told,
    },
    {
      weight: 6,
      say: lines(`type a message to {recipient}: {text}
        put together a text for {recipient} saying {text}
        respond to {recipient}: {text}
        ping {recipient}: {text}
        get a message to {recipient} saying {text}
        shoot a message over to {recipient}: {text}
        let's write {recipient} the following: {text}
        I'd like {recipient} to read this: {text}
        note to {recipient}: {text}
        send the words {text} to {recipient}`),
      call: any,
    },
    {
      weight: 1.5,
      say: lines(`send {recipient} a reminder to {order}
        drop {recipient} a note to {order}
        message {recipient} a reminder to {order}`),
      call: { recipient: "{recipient}", text: "{order}" },
    },
    {
      weight: 1.5,
      say: lines(`send a question to {recipient} asking {wonder}
        could you ask {recipient} for me {wonder}`),
      call: { recipient: "{recipient}", text: "{wonder}" },
    },
  ],
};
