// A line of the model picker: a model that is here, one that could be, one on its way.

import { Progress } from "@base-ui/react/progress";
import type { CatalogueModel, Pull, PulledModel } from "../api/models.ts";
import { cancelPull, pullModel, serveModel } from "../state/models.ts";
import { formatBytes } from "../text/figures.ts";

const tooLarge = "more than this machine's memory";

export function PulledRow({ model, busy }: { readonly model: PulledModel; readonly busy: boolean }) {
  const { name, type, bytes, fits, serving } = model;
  return (
    <li className="model-row">
      <ModelText name={name} detail={`${type} · ${formatBytes(bytes)}${fits ? "" : ` · ${tooLarge}`}`} />
      {serving ? (
        <span className="model-badge">In use</span>
      ) : (
        <button
          type="button"
          className="button small"
          disabled={busy || !fits}
          aria-label={`Use ${name}`}
          onClick={() => void serveModel(name)}
        >
          Use
        </button>
      )}
    </li>
  );
}

export function CatalogueRow({ model }: { readonly model: CatalogueModel }) {
  const { name, about_bytes, fits } = model;
  return (
    <li className="model-row">
      <ModelText name={name} detail={`about ${formatBytes(about_bytes)}${fits ? "" : ` · ${tooLarge}`}`} />
      <button
        type="button"
        className="button small"
        disabled={!fits}
        aria-label={`Download ${name}`}
        onClick={() => void pullModel(name)}
      >
        Download
      </button>
    </li>
  );
}

export function PullRow({ pull }: { readonly pull: Pull }) {
  const { model, state, bytes, total_bytes, message } = pull;
  const underWay = state === "waiting" || state === "downloading";
  return (
    <li className="model-row">
      <div className="model-text">
        <p className="model-row-name">{model}</p>
        {underWay && <Bar label={`Download of ${model}`} done={bytes} total={total_bytes} />}
        <p className={state === "failed" ? "field-problem" : "hint"}>{stateText(pull)}</p>
        {underWay && message && <p className="hint">{message}</p>}
      </div>
      <button
        type="button"
        className="button small"
        aria-label={underWay ? `Stop the download of ${model}` : `Download ${model} again`}
        onClick={() => void (underWay ? cancelPull(model) : pullModel(model))}
      >
        {underWay ? "Stop" : "Try again"}
      </button>
    </li>
  );
}

function stateText({ state, bytes, total_bytes, message }: Pull): string {
  if (state === "failed") return message ?? "It failed.";
  if (state === "cancelled") return "Stopped. The next download goes on from there.";
  return total_bytes > 0 ? `${formatBytes(bytes)} of ${formatBytes(total_bytes)}` : "Asking where it is…";
}

/** `total` 0: nobody knows yet. */
export function Bar({ label, done, total }: { readonly label: string; readonly done: number; readonly total: number }) {
  return (
    <Progress.Root aria-label={label} value={total > 0 ? Math.round((100 * done) / total) : null}>
      <Progress.Track className="bar">
        <Progress.Indicator className="bar-done" />
      </Progress.Track>
    </Progress.Root>
  );
}

function ModelText({ name, detail }: { readonly name: string; readonly detail: string }) {
  return (
    <div className="model-text">
      <p className="model-row-name">{name}</p>
      <p className="hint">{detail}</p>
    </div>
  );
}
