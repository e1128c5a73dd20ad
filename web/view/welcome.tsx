// What an empty conversation shows.

import { chats } from "../state/chats.ts";
import { serverStatus } from "../state/server-status.ts";
import { useStore } from "../state/store.ts";

const examples = [
  "Explain recursion with a small example",
  "Write a Python function that finds the longest word in a text",
  "Compare HTTP and WebSocket in a table",
];

export function Welcome() {
  const { model, problem } = useStore(serverStatus);
  return (
    <div className="welcome">
      <h2>What can I help with?</h2>
      {problem ? (
        <p role="status">
          {problem.title}. {problem.text}
        </p>
      ) : (
        <p>{model ? `${model.id} runs on this server. ` : ""}What you write goes nowhere else.</p>
      )}
      <ul className="examples" aria-label="Examples">
        {examples.map((text) => (
          <li key={text}>
            <button type="button" className="example" onClick={() => chats.send(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
