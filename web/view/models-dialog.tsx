// The model picker: which of the models on this machine is served, and downloads of others with their progress.

import { Field } from "@base-ui/react/field";
import { type FormEvent, useEffect, useState } from "react";
import type { CatalogueModel, ModelList } from "../api/models.ts";
import { followModels, models, pullModel } from "../state/models.ts";
import { useStore } from "../state/store.ts";
import { type DialogProps, FramedDialog } from "./framed-dialog.tsx";
import { Bar, CatalogueRow, PulledRow, PullRow } from "./model-rows.tsx";

export function ModelsDialog(props: DialogProps) {
  return (
    <FramedDialog title="Models" {...props}>
      <Models />
    </FramedDialog>
  );
}

function Models() {
  const { list, problem } = useStore(models);
  useEffect(followModels, []);
  return (
    <div className="models">
      {problem && (
        <p className="model-problem" role="alert">
          {problem.title}. {problem.text}
        </p>
      )}
      {list ? <Lists list={list} /> : !problem && <p className="hint">Asking the server…</p>}
    </div>
  );
}

function Lists({ list }: { readonly list: ModelList }) {
  const { loading, pulled, catalogue } = list;
  const pulls = new Map(list.pulls.filter(({ state }) => state !== "done").map((pull) => [pull.model, pull]));
  const others = catalogue.filter(({ name, pulled }) => !pulled || pulls.has(name)).sort(newestFirst);
  const unlisted = [...pulls.values()].filter(({ model }) => !others.some(({ name }) => name === model));
  return (
    <>
      <section aria-labelledby="models-here">
        <h3 id="models-here">On this machine</h3>
        {loading && (
          <div className="model-loading" role="status">
            <p>Loading {loading.model}. Answers under way end first where memory is short.</p>
            <Bar label={`Loading ${loading.model}`} done={loading.bytes} total={loading.total_bytes} />
          </div>
        )}
        <ul>
          {pulled.map((model) => (
            <PulledRow key={model.name} model={model} busy={loading !== null} />
          ))}
        </ul>
        {!pulled.some(({ serving }) => serving) && (
          <p className="hint">{list.serving} is in use; it was started from a file of its own.</p>
        )}
      </section>
      <section aria-labelledby="models-there">
        <h3 id="models-there">To download</h3>
        <OtherModel />
        <ul>
          {unlisted.map((pull) => (
            <PullRow key={pull.model} pull={pull} />
          ))}
          {others.map((model) => {
            const pull = pulls.get(model.name);
            return pull ? <PullRow key={model.name} pull={pull} /> : <CatalogueRow key={model.name} model={model} />;
          })}
        </ul>
      </section>
    </>
  );
}

/** What fits in memory before what does not, what chats before what does not, then the newest generation, then the smallest. */
function newestFirst(a: CatalogueModel, b: CatalogueModel): number {
  const rank = ({ name, fits }: CatalogueModel) => (fits ? 2 : 0) + (/embedding|reranker/.test(name) ? 0 : 1);
  const generation = ({ name }: CatalogueModel) => Number(/^qwen([\d.]+)/.exec(name)?.[1] ?? 0);
  return rank(b) - rank(a) || generation(b) - generation(a) || a.about_bytes - b.about_bytes;
}

/** Any repository of the hub, by its name. */
function OtherModel() {
  const [name, setName] = useState("");
  const pull = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    void pullModel(name.trim());
    setName("");
  };
  return (
    <form className="other-model" onSubmit={pull}>
      <Field.Root className="field">
        <Field.Label>Short name or repository</Field.Label>
        <Field.Control
          value={name}
          placeholder="Qwen/Qwen3-0.6B-GGUF:Q8_0"
          autoComplete="off"
          spellCheck={false}
          onValueChange={setName}
        />
      </Field.Root>
      <button type="submit" className="button" disabled={name.trim() === ""}>
        Download
      </button>
    </form>
  );
}
