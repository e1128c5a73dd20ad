// What the user may set; empty is the model's own default. Kept when saved, used from the next message on.

import { Dialog } from "@base-ui/react/dialog";
import { Field } from "@base-ui/react/field";
import { type FormEvent, useState } from "react";
import { parseTools, type Settings, saveSettings, settings } from "../state/settings.ts";
import { useStore } from "../state/store.ts";
import { type DialogProps, FramedDialog } from "./framed-dialog.tsx";
import { NumberField } from "./number-field.tsx";
import { Segments } from "./segments.tsx";

export function SettingsDialog(props: DialogProps) {
  return (
    <FramedDialog title="Settings" {...props}>
      <SettingsForm onDone={() => props.onOpenChange(false)} />
    </FramedDialog>
  );
}

function SettingsForm({ onDone }: { readonly onDone: () => void }) {
  const [draft, setDraft] = useState(useStore(settings));
  const [toolsProblem, setToolsProblem] = useState("");
  const change = (part: Partial<Settings>) => setDraft({ ...draft, ...part });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseTools(draft.tools);
    if ("problem" in parsed) {
      setToolsProblem(parsed.problem);
      return;
    }
    saveSettings(draft);
    onDone();
  };
  return (
    <form className="settings" onSubmit={save}>
      <Field.Root className="field">
        <Field.Label>System message</Field.Label>
        <Field.Control
          render={<textarea rows={3} />}
          value={draft.system}
          placeholder="The model's own"
          onValueChange={(system) => change({ system })}
        />
        <Field.Description className="hint">What the model is told before every conversation.</Field.Description>
      </Field.Root>
      <div className="field-row">
        <NumberField
          label="Temperature"
          value={draft.temperature}
          {...{ min: 0, max: 10, step: 0.01 }}
          onChange={(temperature) => change({ temperature })}
        />
        <NumberField
          label="Top-p"
          value={draft.topP}
          {...{ min: 0, max: 1, step: 0.01 }}
          onChange={(topP) => change({ topP })}
        />
        <NumberField
          label="Token limit"
          value={draft.maxTokens}
          {...{ min: 1, step: 1 }}
          onChange={(maxTokens) => change({ maxTokens })}
        />
        <NumberField label="Seed" value={draft.seed} {...{ min: 0, step: 1 }} onChange={(seed) => change({ seed })} />
      </div>
      <Segments
        legend="Thinking"
        name="thinking"
        value={draft.thinking}
        choices={{ auto: "Auto", on: "On", off: "Off" }}
        onChange={(thinking) => change({ thinking })}
      />
      <Segments
        legend="Appearance"
        name="theme"
        value={draft.theme}
        choices={{ system: "System", light: "Light", dark: "Dark" }}
        onChange={(theme) => change({ theme })}
      />
      <Field.Root className="field">
        <Field.Label>API key</Field.Label>
        <Field.Control
          type="password"
          autoComplete="off"
          value={draft.apiKey}
          onValueChange={(apiKey) => change({ apiKey })}
        />
        <Field.Description className="hint">
          Only if the server was started with one. It stays in this browser.
        </Field.Description>
      </Field.Root>
      <Field.Root className="field" invalid={toolsProblem !== ""}>
        <Field.Label>Tools</Field.Label>
        <Field.Control
          render={<textarea rows={3} spellCheck={false} className="mono" />}
          value={draft.tools}
          placeholder='[{ "type": "function", "function": { "name": … } }]'
          onValueChange={(tools) => {
            change({ tools });
            setToolsProblem("");
          }}
        />
        <Field.Error match={toolsProblem !== ""} className="field-problem">
          {toolsProblem}
        </Field.Error>
        <Field.Description className="hint">
          A JSON array as OpenAI's API takes it. When the model calls one, you give its result.
        </Field.Description>
      </Field.Root>
      <div className="dialog-buttons">
        <Dialog.Close className="button quiet">Cancel</Dialog.Close>
        <button type="submit" className="button primary">
          Save
        </button>
      </div>
    </form>
  );
}
