// What the model said: its thoughts folded away, its text, its calls of tools, and what they cost.

import { RefreshCw } from "lucide-react";
import { chats } from "../state/chats.ts";
import type { AssistantMessage, Ending, Message } from "../state/conversation.ts";
import { formatCount, formatSeconds } from "../text/figures.ts";
import { CopyButton } from "./copy-button.tsx";
import { IconButton } from "./icon-button.tsx";
import { Markdown } from "./markdown.tsx";
import { Thinking } from "./thinking.tsx";
import { ToolCallView } from "./tool-call.tsx";

interface Props {
  readonly message: AssistantMessage;
  readonly messages: readonly Message[];
  readonly last: boolean;
  readonly answering: boolean;
}

export function Answer({ message, messages, last, answering }: Props) {
  const { content, reasoning, toolCalls, ending, firstTokenMs } = message;
  const running = answering && last;
  return (
    <article className="message answer" aria-busy={running}>
      <h2 className="visually-hidden">Answer</h2>
      {running && firstTokenMs === undefined && (
        <p className="waiting">
          <span className="visually-hidden">Reading your message…</span>
          <span aria-hidden="true" />
          <span aria-hidden="true" />
          <span aria-hidden="true" />
        </p>
      )}
      {reasoning !== "" && <Thinking message={message} running={running && content === ""} />}
      <Markdown text={content} />
      {toolCalls.map((call) => (
        <ToolCallView key={call.id} call={call} messages={messages} answering={answering} />
      ))}
      {!running && (
        <div className="message-tools">
          {content !== "" && <CopyButton label="Copy the answer" text={content} />}
          {last && <IconButton label="Answer again" icon={RefreshCw} onClick={() => chats.answerAgain()} />}
          <AnswerFigures message={message} ending={ending} />
        </div>
      )}
    </article>
  );
}

const endings: Readonly<Record<Ending, string>> = {
  running: "not finished",
  complete: "",
  length: "ended at the token limit",
  stopped: "stopped",
  broken: "broken off",
};

function AnswerFigures({ message, ending }: { readonly message: AssistantMessage; readonly ending: Ending }) {
  const { figures, firstTokenMs } = message;
  const parts = [
    figures && `${formatCount(figures.completionTokens)} tokens`,
    figures?.tokensPerSecond && `${figures.tokensPerSecond.toFixed(1)} tokens/s`,
    firstTokenMs !== undefined && `first after ${formatSeconds(firstTokenMs)}`,
    endings[ending],
  ].filter(Boolean);
  const title = figures
    ? `${figures.promptTokens} tokens of prompt, ${figures.cachedTokens} of them held already`
    : undefined;
  return (
    <p className="figures" title={title}>
      {parts.join(" · ")}
    </p>
  );
}
