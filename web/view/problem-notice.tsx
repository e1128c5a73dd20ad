// What went wrong, and the way on.

import { CircleAlert } from "lucide-react";
import type { Problem } from "../api/problem.ts";
import { chats } from "../state/chats.ts";

export function ProblemNotice({ problem, onSettings }: { readonly problem: Problem; readonly onSettings: () => void }) {
  return (
    <div className="problem" role="alert">
      <CircleAlert size={20} aria-hidden="true" />
      <div>
        <p className="problem-title">{problem.title}</p>
        <p>{problem.text}</p>
        <div className="problem-buttons">
          {problem.kind === "key" && (
            <button type="button" className="button" onClick={onSettings}>
              Open settings
            </button>
          )}
          {problem.kind === "too-long" ? (
            <button type="button" className="button" onClick={() => chats.select(undefined)}>
              New conversation
            </button>
          ) : (
            <button type="button" className="button" onClick={() => chats.answerAgain()}>
              Try again
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
