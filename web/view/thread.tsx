// The messages of a conversation. It follows an answer as it grows, unless its reader has scrolled up.

import { ArrowDown } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { chats } from "../state/chats.ts";
import { awaitsAnswer, type Conversation } from "../state/conversation.ts";
import { useStore } from "../state/store.ts";
import { Announcer } from "./announcer.tsx";
import { Answer } from "./answer.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { UserMessageView } from "./user-message.tsx";
import { Welcome } from "./welcome.tsx";

interface Props {
  readonly conversation: Conversation | undefined;
  readonly answering: boolean;
  readonly onSettings: () => void;
}

/** Closer to the end than this counts as being there. */
const NEAR_PX = 48;

export function Thread({ conversation, answering, onSettings }: Props) {
  const { problems } = useStore(chats.store);
  const problem = problems.get(conversation?.id ?? "");
  const { place, following, onScroll, jump } = useFollowing();
  const messages = conversation?.messages ?? [];
  const lastAnswer = messages.findLast((message) => message.role === "assistant");
  return (
    <main className="thread" ref={place} onScroll={onScroll}>
      {conversation ? (
        <div className="messages">
          {messages.map((message) =>
            message.role === "user" ? (
              <UserMessageView key={message.id} message={message} answering={answering} />
            ) : message.role === "assistant" ? (
              <Answer
                key={message.id}
                message={message}
                messages={messages}
                last={message === messages.at(-1)}
                answering={answering}
              />
            ) : null,
          )}
          {problem && <ProblemNotice problem={problem} onSettings={onSettings} />}
          {!problem && !answering && awaitsAnswer(conversation) && (
            <button type="button" className="button" onClick={() => chats.answerAgain()}>
              Answer this
            </button>
          )}
        </div>
      ) : (
        <Welcome />
      )}
      {!following && (
        <button type="button" className="jump" onClick={jump}>
          <ArrowDown size={16} aria-hidden="true" />
          To the end
        </button>
      )}
      <Announcer answer={lastAnswer} />
    </main>
  );
}

function useFollowing() {
  const place = useRef<HTMLElement>(null);
  const [following, setFollowing] = useState(true);
  useLayoutEffect(() => {
    const element = place.current;
    if (element && following) element.scrollTop = element.scrollHeight;
  });
  const onScroll = () => {
    const element = place.current;
    if (element) setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX);
  };
  return { place, following, onScroll, jump: () => setFollowing(true) };
}
