// A number that may be left to the model.

import { Field } from "@base-ui/react/field";

interface Props {
  readonly label: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max?: number;
  readonly step: number;
  readonly onChange: (value: number | undefined) => void;
}

export function NumberField({ label, value, onChange, ...limits }: Props) {
  return (
    <Field.Root className="field">
      <Field.Label>{label}</Field.Label>
      <Field.Control
        type="number"
        inputMode="decimal"
        placeholder="Default"
        defaultValue={value}
        {...limits}
        onChange={({ target }) => onChange(target.value === "" ? undefined : Number(target.value))}
      />
    </Field.Root>
  );
}
