// A call of a tool. This page runs no tools: whoever reads it gives the result, and the model goes on.

import { Wrench } from "lucide-react";
import { type FormEvent, useState } from "react";
import { chats } from "../state/chats.ts";
import type { Message, ToolCall } from "../state/conversation.ts";
import { Markdown } from "./markdown.tsx";

interface Props {
  readonly call: ToolCall;
  readonly messages: readonly Message[];
  readonly answering: boolean;
}

export function ToolCallView({ call, messages, answering }: Props) {
  const result = messages.find((message) => message.role === "tool" && message.callId === call.id);
  return (
    <section className="tool-call" aria-label={`Call of ${call.name}`}>
      <h3 className="tool-name">
        <Wrench size={16} aria-hidden="true" />
        {call.name}
      </h3>
      <Markdown text={`\`\`\`json\n${readable(call.arguments)}\n\`\`\``} />
      {result ? (
        <>
          <p className="hint">Result</p>
          <pre className="plain">{result.content}</pre>
        </>
      ) : (
        <ResultForm call={call} answering={answering} />
      )}
    </section>
  );
}

function ResultForm({ call, answering }: Omit<Props, "messages">) {
  const [text, setText] = useState("");
  const give = (event: FormEvent) => {
    event.preventDefault();
    chats.giveResult(call.id, text);
    document.getElementById("message")?.focus();
  };
  return (
    <form className="result" onSubmit={give}>
      <label>
        What {call.name} gives back
        <textarea rows={2} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="button" disabled={answering}>
        Send the result
      </button>
    </form>
  );
}

/** Arguments that are not whole yet, or no JSON, stay as they are. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
