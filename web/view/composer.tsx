// Where the user writes. What is written stays while an answer is under way.

import { ArrowUp, type LucideProps, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { chats } from "../state/chats.ts";
import { type Conversation, openCalls } from "../state/conversation.ts";
import { serverStatus } from "../state/server-status.ts";
import { useStore } from "../state/store.ts";
import { formatCount } from "../text/figures.ts";
import { IconButton } from "./icon-button.tsx";
import { isSendKey } from "./keys.ts";

const StopIcon = (props: LucideProps) => <Square fill="currentColor" {...props} />;

interface Props {
  readonly conversation: Conversation | undefined;
  readonly answering: boolean;
}

export function Composer({ conversation, answering }: Props) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const id = conversation?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation is what brings the field back
  useEffect(() => {
    // on a phone this would bring up the keyboard unasked
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [id]);
  const ready = !answering && text.trim() !== "" && (!conversation || openCalls(conversation).length === 0);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    chats.send(text);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSendKey(event)) send(event);
  };
  return (
    <footer className="composer">
      <form className="composer-box" onSubmit={send}>
        <textarea
          id="message"
          ref={field}
          rows={1}
          aria-label="Message"
          aria-describedby="message-hint"
          placeholder="Write a message"
          enterKeyHint="send"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {answering ? (
          <IconButton className="send" label="Stop" icon={StopIcon} onClick={() => chats.stop()} />
        ) : (
          <IconButton className="send" label="Send" icon={ArrowUp} type="submit" aria-disabled={!ready} />
        )}
      </form>
      <p className="hint composer-hint" id="message-hint">
        <span className="keys">{answering ? "Escape stops" : "Enter sends, Shift+Enter makes a new line"}</span>
        <ContextUse conversation={conversation} />
      </p>
    </footer>
  );
}

function ContextUse({ conversation }: { readonly conversation: Conversation | undefined }) {
  const { model } = useStore(serverStatus);
  const last = conversation?.messages.findLast((message) => message.role === "assistant");
  if (!last?.figures) return null;
  const used = formatCount(last.figures.promptTokens + last.figures.completionTokens);
  const limit = model?.contextLength;
  return <span>{limit === undefined ? `${used} tokens` : `${used} of ${formatCount(limit)} tokens of context`}</span>;
}
