// The model's thoughts, folded.

import { ChevronRight } from "lucide-react";
import type { AssistantMessage } from "../state/conversation.ts";
import { formatSeconds } from "../text/figures.ts";

export function Thinking({ message, running }: { readonly message: AssistantMessage; readonly running: boolean }) {
  return (
    <details className="fold thinking">
      <summary>
        <ChevronRight size={16} aria-hidden="true" className="fold-mark" />
        <span data-running={running || undefined}>{running ? "Thinking…" : nameOf(message)}</span>
      </summary>
      <div className="fold-body plain">{message.reasoning.trim()}</div>
    </details>
  );
}

/** Shorter than this, a time tells nothing. */
const SHORTEST_MS = 50;

function nameOf({ reasoningMs = 0 }: AssistantMessage): string {
  return reasoningMs < SHORTEST_MS ? "Thoughts" : `Thought for ${formatSeconds(reasoningMs)}`;
}
