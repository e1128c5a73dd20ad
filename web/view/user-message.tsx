// What the user said, and how to say it otherwise.

import { Pencil } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { chats } from "../state/chats.ts";
import type { UserMessage } from "../state/conversation.ts";
import { CopyButton } from "./copy-button.tsx";
import { IconButton } from "./icon-button.tsx";
import { isSendKey } from "./keys.ts";

interface Props {
  readonly message: UserMessage;
  readonly answering: boolean;
}

export function UserMessageView({ message, answering }: Props) {
  const [editing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const cancel = () => {
    setEditing(false);
    requestAnimationFrame(() => editButton.current?.focus());
  };
  return (
    <article className="message user">
      <h2 className="visually-hidden">You</h2>
      {editing ? (
        <EditForm message={message} onCancel={cancel} />
      ) : (
        <>
          <div className="bubble">{message.content}</div>
          <div className="message-tools">
            <CopyButton label="Copy your message" text={message.content} />
            <IconButton
              ref={editButton}
              label="Edit your message"
              icon={Pencil}
              disabled={answering}
              onClick={() => setEditing(true)}
            />
          </div>
        </>
      )}
    </article>
  );
}

function EditForm({ message, onCancel }: { readonly message: UserMessage; readonly onCancel: () => void }) {
  const [text, setText] = useState(message.content);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.content.length, message.content.length);
  }, [message]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    chats.edit(message.id, text);
    document.getElementById("message")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSendKey(event)) send(event);
    else if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    }
  };
  return (
    <form className="edit" onSubmit={send}>
      <textarea
        ref={field}
        aria-label="Your message"
        aria-describedby={`hint-${message.id}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p className="hint" id={`hint-${message.id}`}>
        Sending removes what came after this message and answers anew.
      </p>
      <div className="dialog-buttons">
        <button type="button" className="button quiet" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={text.trim() === ""}>
          Send
        </button>
      </div>
    </form>
  );
}
