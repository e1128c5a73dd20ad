// How Python prints values: chat templates are written for Jinja on Python, and what they print must match to the character.
// Values are the interpreter's own ({ type, value }); sources: Python's str, repr and json.dumps.

/** A value of the template interpreter. */
export interface RuntimeValue {
  readonly type: string;
  readonly value: unknown;
}

export interface JsonOptions {
  readonly indent?: number;
  readonly ensureAscii?: boolean;
  readonly separators?: readonly [string, string];
  readonly sortKeys?: boolean;
}

/** str(value); an undefined value prints as nothing. */
export function pythonString(value: RuntimeValue): string {
  if (value.type === "StringValue") return value.value as string;
  return value.type === "UndefinedValue" ? "" : pythonRepr(value);
}

function pythonRepr({ type, value }: RuntimeValue): string {
  switch (type) {
    case "StringValue":
      return quoted(value as string);
    case "IntegerValue":
      return String(value);
    case "FloatValue":
      return pythonFloat(value as number);
    case "BooleanValue":
      return value ? "True" : "False";
    case "NullValue":
      return "None";
    case "UndefinedValue":
      return "Undefined";
    case "ArrayValue":
      return `[${items(value).map(pythonRepr).join(", ")}]`;
    case "TupleValue":
      return `(${items(value).map(pythonRepr).join(", ")}${items(value).length === 1 ? "," : ""})`;
    case "ObjectValue":
      return `{${entries(value)
        .map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`)
        .join(", ")}}`;
    default:
      return `<${type}>`;
  }
}

/** json.dumps(value); Jinja's own default would escape HTML, chat templates are rendered without that. */
export function pythonJson(value: RuntimeValue, options: JsonOptions = {}): string {
  const { indent, ensureAscii = false, sortKeys = false } = options;
  const [comma, colon] = options.separators ?? [indent === undefined ? ", " : ",", ": "];
  const text = (string: string) => {
    const json = JSON.stringify(string);
    if (!ensureAscii) return json;
    return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  };
  const group = (parts: string[], open: string, close: string, depth: number) => {
    if (indent === undefined || parts.length === 0) return open + parts.join(comma) + close;
    const pad = `\n${" ".repeat(indent * depth)}`;
    const inner = pad + " ".repeat(indent);
    return open + inner + parts.join(comma + inner) + pad + close;
  };
  const write = ({ type, value: inner }: RuntimeValue, depth: number): string => {
    switch (type) {
      case "StringValue":
        return text(inner as string);
      case "FloatValue":
        return pythonFloat(inner as number);
      case "IntegerValue":
      case "BooleanValue":
        return String(inner);
      case "NullValue":
      case "UndefinedValue":
        return "null";
      case "ArrayValue":
      case "TupleValue":
        return group(
          items(inner).map((item) => write(item, depth + 1)),
          "[",
          "]",
          depth,
        );
      case "ObjectValue":
      case "NamespaceValue": {
        const pairs = entries(inner);
        if (sortKeys) pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
        return group(
          pairs.map(([key, item]) => text(key) + colon + write(item, depth + 1)),
          "{",
          "}",
          depth,
        );
      }
      default:
        throw new Error(`a ${type} cannot become JSON`);
    }
  };
  return write(value, 0);
}

/** repr(float): an exponent below 1e-4 and from 1e16 on, with at least two digits. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 16)) return Number.isInteger(value) ? value.toFixed(1) : String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 0x20 && code !== 0x7f) return character === "\\" ? "\\\\" : character;
    return escapes[character] ?? `\\x${code.toString(16).padStart(2, "0")}`;
  }).join("");
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

/** str.strip, lstrip and rstrip: of white space, or of the characters given. */
export function pythonStrip(text: string, side: "both" | "left" | "right", characters?: string): string {
  const drop = characters === undefined ? pythonSpace : new Set(characters);
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  if (side !== "right") while (start < end && drop.has(all[start])) start++;
  if (side !== "left") while (end > start && drop.has(all[end - 1])) end--;
  return all.slice(start, end).join("");
}

/** What Python's str.isspace holds true; JavaScript's trim differs in U+001C to U+001F, U+0085 and U+FEFF. */
const pythonSpace = new Set(
  "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

function items(value: unknown): RuntimeValue[] {
  return value as RuntimeValue[];
}

function entries(value: unknown): [string, RuntimeValue][] {
  return [...(value as Map<string, RuntimeValue>)];
}
