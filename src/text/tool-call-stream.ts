// The first call of a <tool_call> block while it is being written: its name as soon as that is known, then as much of its arguments as
// nothing that may follow can change. That is always a beginning of what parseToolCalls makes of the whole block, and never all of it,
// since only the end shows that it is a call: the last bracket is kept back. Where arguments come before the name, or a value's end is
// in doubt (a parameter that may not have been closed), it waits.

import { JsonStringWriter } from "./json-string.ts";
import { LenientReader, type Reading, readOn, writeJson } from "./lenient-json.ts";
import {
  closesParameter,
  functionClose,
  functionHead,
  functionOpen,
  isPlainText,
  parameterAt,
  parameterClose,
  parameterFollowers,
  parameterOpen,
  propertyOf,
  type ToolSchemas,
  typedValue,
  withoutLines,
} from "./tool-calls.ts";

/** What there is of the block; it grows. */
interface Block {
  text: string;
  readonly ends: "open";
}

interface Told {
  begin(name: string): void;
  write(json: string): void;
}

export class ToolCallStream {
  readonly #schemas: ToolSchemas;
  readonly #block: Block = { text: "", ends: "open" };
  #reading: Reading<void> | undefined;
  #over = false;
  #name: string | undefined;
  #fresh = "";

  constructor(schemas: ToolSchemas) {
    this.#schemas = schemas;
  }

  /** The block as far as it has come, from its beginning on. Returns the name, once it is known, and what is new of the arguments. */
  read(block: string): { readonly name: string | undefined; readonly fresh: string } {
    this.#block.text = block;
    this.#reading ??= this.#begin();
    if (this.#reading && !this.#over) this.#over = !readOn(this.#reading);
    const fresh = this.#fresh;
    this.#fresh = "";
    return { name: this.#name, fresh };
  }

  #begin(): Reading<void> | undefined {
    const told: Told = {
      begin: (name) => {
        this.#name = name;
        this.#fresh = "{";
      },
      write: (json) => {
        this.#fresh += json;
      },
    };
    const text = this.#block.text.trimStart();
    if (text.startsWith("{")) return readHermes(this.#block, told);
    return text.startsWith(functionOpen) ? readFunction(this.#block, told, this.#schemas) : undefined;
  }
}

function* readHermes(block: Block, told: Told): Reading<void> {
  const reader = new LenientReader(block);
  let name: string | undefined;
  yield* reader.peek();
  reader.open();
  for (;;) {
    const key = yield* reader.key();
    if (key === undefined) return;
    if (key === "arguments") {
      if (name === undefined || (yield* reader.peek()) !== "{") return;
      told.begin(name);
      reader.open();
      yield* reader.members(1, told.write);
      return;
    }
    const value = yield* reader.value(1);
    if (key !== "name") continue;
    if (value.kind !== "string" || value.value === "") return;
    name ??= value.value;
  }
}

function* readFunction(block: Block, told: Told, schemas: ToolSchemas): Reading<void> {
  const open = block.text.indexOf(functionOpen);
  while (!block.text.includes(">", open)) yield;
  const head = functionHead(block.text, open);
  if (!head) return;
  const schema = schemas.get(head.name) ?? {};
  told.begin(head.name);
  let at = head.end;
  for (let comma = ""; ; comma = ",") {
    while (mayOpenParameter(block.text, at)) yield;
    const parameter = parameterAt(block.text, at);
    if (!parameter) return;
    const { key, start } = parameter;
    const property = propertyOf(schema, key);
    told.write(`${comma}${JSON.stringify(key)}:`);
    let close: number;
    if (isPlainText(property, schema)) close = yield* streamText(block, start, told);
    else {
      close = yield* closeOf(block, start);
      told.write(writeJson(typedValue(withoutLines(block.text.slice(start, close)), property, schema)));
    }
    at = close + parameterClose.length;
  }
}

/** Whether what there is from `at` on may become the head of a parameter. */
function mayOpenParameter(text: string, at: number): boolean {
  const rest = text.slice(at).trimStart();
  return parameterOpen.startsWith(rest) || (rest.startsWith(parameterOpen) && !/[>\n]/.test(rest));
}

/** Where the value that begins at `start` is closed. `waiting` is called before each pause, with where the value reaches at least. */
function* closeOf(block: Block, start: number, waiting?: (end: number) => void): Reading<number> {
  for (let from = start; ; ) {
    const { text } = block;
    const close = text.indexOf(parameterClose, from);
    if (close >= 0 && knowsWhatFollows(text, close)) {
      if (closesParameter(text, close)) return close;
      from = close + 1;
      continue;
    }
    waiting?.(close < 0 ? text.length : close);
    yield;
    from = close < 0 ? Math.max(start, text.length - parameterClose.length) : close;
  }
}

function knowsWhatFollows(text: string, close: number): boolean {
  const rest = text.slice(close + parameterClose.length).trimStart();
  return !parameterFollowers.some((markup) => markup.startsWith(rest));
}

/** A value that was never closed ends before the first of these that comes in it, or at the end of the block, without white space. */
const possibleEnds = /<\/function>|<\/tool_call>|\n<parameter=/g;
const markup = [parameterClose, parameterOpen, functionClose, "</tool_call>"];

/** Writes a string as it comes, up to where it may be over. Returns where it is closed. */
function* streamText(block: Block, start: number, told: Told): Reading<number> {
  const writer = new JsonStringWriter(told.write);
  let length = 0;
  const write = (end: number) => {
    const { text } = block;
    const at = start + (text[start] === "\n" ? 1 : 0) + length;
    possibleEnds.lastIndex = length === 0 ? start : at;
    const possible = possibleEnds.exec(text)?.index ?? text.length;
    const piece = text.slice(at, Math.min(end, possible, beginningOf(markup, text))).trimEnd();
    writer.push(piece);
    length += piece.length;
  };
  const close = yield* closeOf(block, start, write);
  writer.push(withoutLines(block.text.slice(start, close)).slice(length));
  writer.end();
  return close;
}

/** Where one of `tags` begins that the text breaks off in; else the text's length. */
export function beginningOf(tags: readonly string[], text: string): number {
  const tail = text.slice(-Math.max(...tags.map((tag) => tag.length)));
  const at = tail.lastIndexOf("<");
  const rest = tail.slice(at);
  const broken = at >= 0 && tags.some((tag) => tag !== rest && tag.startsWith(rest));
  return broken ? text.length - rest.length : text.length;
}
