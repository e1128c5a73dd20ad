// Reads an answer out as it comes, paragraph by paragraph, for those who hear the page.

import { useEffect, useRef, useState } from "react";
import type { AssistantMessage } from "../state/conversation.ts";
import { blocksOf, spokenText } from "../text/markdown.ts";

export function Announcer({ answer }: { readonly answer: AssistantMessage | undefined }) {
  const told = useRef({ id: "", blocks: 0, done: true });
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!answer) return;
    const running = answer.ending === "running";
    // what was there when the conversation was opened is not read out
    if (told.current.id !== answer.id) {
      told.current = { id: answer.id, blocks: 0, done: !running };
      setLines(running ? ["The model answers."] : []);
    }
    if (told.current.done) return;
    const blocks = blocksOf(answer.content);
    const whole = blocks.slice(told.current.blocks, running ? -1 : undefined);
    told.current = { id: answer.id, blocks: told.current.blocks + whole.length, done: !running };
    const news = [...whole.map(spokenText), ...(running ? [] : [endOf(answer)])];
    if (news.length > 0) setLines((before) => [...before, ...news]);
  }, [answer]);
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Answer as it comes">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}

function endOf({ ending, toolCalls }: AssistantMessage): string {
  if (ending === "stopped") return "Stopped.";
  if (ending === "broken") return "The answer broke off.";
  return toolCalls.length > 0 ? "The model calls a tool." : "End of the answer.";
}
