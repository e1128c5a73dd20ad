// The server in two lines: its memory, and how many it is answering.

import { serverStatus } from "../state/server-status.ts";
import { useStore } from "../state/store.ts";
import { formatBytes, formatCount } from "../text/figures.ts";

export function ServerFigures() {
  const { health, model, problem } = useStore(serverStatus);
  if (problem) return <p className="hint">{problem.title}.</p>;
  if (!health) return <p className="hint">Asking the server…</p>;
  return (
    <dl className="server-figures">
      {health.memoryBytes !== undefined && <Figure name="Memory" value={formatBytes(health.memoryBytes)} />}
      {model?.contextLength !== undefined && (
        <Figure name="Context" value={`${formatCount(model.contextLength)} tokens`} />
      )}
      <Figure
        name="Answering"
        value={`${health.active} of ${health.slots}${health.waiting > 0 ? `, ${health.waiting} wait` : ""}`}
      />
    </dl>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
