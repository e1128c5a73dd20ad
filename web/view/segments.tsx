// One of a few choices, side by side.

interface Props<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: T;
  readonly choices: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

export function Segments<T extends string>({ legend, name, value, choices, onChange }: Props<T>) {
  const names = Object.keys(choices) as T[];
  return (
    <fieldset className="segments">
      <legend>{legend}</legend>
      <div className="segments-row">
        {names.map((choice) => (
          <label key={choice}>
            <input type="radio" name={name} checked={choice === value} onChange={() => onChange(choice)} />
            <span>{choices[choice]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
