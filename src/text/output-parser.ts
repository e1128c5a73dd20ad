// A chat answer, as it streams in, to parts: text, reasoning (<think>…</think>) and tool calls (<tool_call>…</tool_call>). Whatever may
// still turn out to be markup is held back, so the parts are the same however the text was cut, and no markup is ever shown as text.

import { BlockEnd } from "./block-end.ts";
import { beginningOf, ToolCallStream } from "./tool-call-stream.ts";
import {
  functionClose,
  functionOpen,
  parseToolCalls,
  readToolSchemas,
  type ToolCall,
  type ToolSchemas,
} from "./tool-calls.ts";

export type OutputPart =
  | { readonly type: "text" | "reasoning"; readonly text: string }
  /** A call has begun. Its arguments follow in pieces, which together are those of the whole call. */
  | { readonly type: "tool-call-start"; readonly id: string; readonly name: string }
  | { readonly type: "tool-call-delta"; readonly id: string; readonly arguments: string }
  /** A whole call. `arguments` is a JSON object, as text. */
  | { readonly type: "tool-call"; readonly id: string; readonly name: string; readonly arguments: string }
  /** A tool call that could not be read, as the model wrote it. `id`: it had begun, and goes no further; its pieces are no JSON. */
  | { readonly type: "malformed-tool-call"; readonly text: string; readonly id?: string };

export interface OutputParserOptions {
  /** The prompt ends inside <think>: the answer begins with reasoning. See promptOpensThinking. */
  readonly thinking?: boolean;
  /** In the OpenAI manner; they tell the types of parameters in the XML form. */
  readonly tools?: readonly unknown[];
  /** Names the calls; default random. */
  readonly newId?: () => string;
}

export interface OutputParser {
  push(text: string): OutputPart[];
  /** The answer is over: what was held back comes out. */
  end(): OutputPart[];
}

/** Some templates end the prompt with an open <think>, so that the answer itself has only the closing tag. */
export function promptOpensThinking(prompt: string): boolean {
  const turn = prompt.slice(prompt.lastIndexOf("<|im_start|>"));
  return turn.lastIndexOf("<think>") > turn.lastIndexOf("</think>") && /<think>\s*$/.test(turn);
}

export function createOutputParser(options: OutputParserOptions = {}): OutputParser {
  return new StreamParser(options);
}

const thinkOpen = "<think>";
const thinkClose = "</think>";
const callOpen = "<tool_call>";
const callClose = "</tool_call>";

type Marker = typeof thinkOpen | typeof thinkClose | typeof callOpen | typeof callClose | typeof functionOpen;

const callOpenings = ["{", "[", "`", functionOpen, callClose];
const textMarkers: readonly Marker[] = [thinkOpen, thinkClose, callOpen, callClose, functionOpen];
const reasoningMarkers: readonly Marker[] = [thinkOpen, thinkClose, callOpen];

interface OpenCall {
  readonly end: BlockEnd;
  readonly stream: ToolCallStream;
  /** Once it was told that it has begun. */
  id: string | undefined;
  /** How much of its arguments was told. */
  told: number;
}

class StreamParser implements OutputParser {
  readonly #schemas: ToolSchemas;
  readonly #newId: () => string;
  #state: "text" | "reasoning";
  #buffer = "";
  #parts: OutputPart[] = [];
  /** Nothing but white space has been shown since the last line break, tag or beginning. */
  #lineStart = true;
  /** Line breaks that come next belong to the markup before them. */
  #skipBreaks: boolean;
  /** Of the call that the buffer begins with. */
  #call: OpenCall | undefined;

  constructor({ thinking = false, tools, newId = randomId }: OutputParserOptions) {
    this.#schemas = readToolSchemas(tools);
    this.#newId = newId;
    this.#state = thinking ? "reasoning" : "text";
    this.#skipBreaks = thinking;
  }

  push(text: string): OutputPart[] {
    this.#buffer += text;
    return this.#run(false);
  }

  end(): OutputPart[] {
    return this.#run(true);
  }

  #run(final: boolean): OutputPart[] {
    while (this.#buffer !== "" || (final && this.#call)) {
      const going = this.#call ? this.#readCall(this.#call, final) : this.#readProse(final);
      if (!going) break;
    }
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  /** Text or reasoning up to the next tag. False: more is needed. */
  #readProse(final: boolean): boolean {
    if (this.#skipBreaks) {
      const rest = this.#buffer.replace(/^[\r\n]+/, "");
      this.#buffer = rest;
      if (rest === "") return false;
      this.#skipBreaks = false;
    }
    const markers = this.#state === "text" ? textMarkers : reasoningMarkers;
    for (let at = this.#buffer.indexOf("<"); at >= 0; at = this.#buffer.indexOf("<", at + 1)) {
      const rest = this.#buffer.slice(at, at + callClose.length);
      const marker = markers.find((candidate) => rest.startsWith(candidate));
      if (!marker) {
        if (!final && markers.some((candidate) => candidate.startsWith(rest))) return this.#hold(at);
        continue;
      }
      const meant = this.#isMeant(marker, at, final);
      if (meant === undefined) return this.#hold(at);
      if (!meant) continue;
      this.#take(marker, at);
      return true;
    }
    if (!final) return this.#hold(this.#buffer.length);
    this.#show(this.#state === "text" ? this.#buffer : this.#buffer.trimEnd());
    this.#buffer = "";
    return false;
  }

  /** Whether a tag is markup or only talked about; undefined if that depends on what comes next. */
  #isMeant(marker: Marker, at: number, final: boolean): boolean | undefined {
    if (this.#state === "reasoning" && marker === thinkClose) return true;
    if (this.#state === "text" && marker === callOpen) return this.#opensCall(at, final, final);
    if (!this.#isLineStart(at)) return false;
    return marker === callOpen ? this.#opensCall(at, final, false) : true;
  }

  /** A call begins with JSON or with <function=; anything else speaks about the tag. */
  #opensCall(at: number, final: boolean, ifNothing: boolean): boolean | undefined {
    const inside = this.#buffer.slice(at + callOpen.length).trimStart();
    const begins = (opening: string) => inside.startsWith(opening);
    if (callOpenings.some(begins)) return true;
    if (!callOpenings.some((opening) => opening.startsWith(inside))) return false;
    return final ? ifNothing : undefined;
  }

  #isLineStart(at: number): boolean {
    const before = this.#buffer.slice(0, at);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    return line.trim() === "" && (line.length < before.length || this.#lineStart);
  }

  #take(marker: Marker, at: number): void {
    this.#show(this.#buffer.slice(0, at).trimEnd());
    this.#lineStart = true;
    this.#skipBreaks = true;
    this.#buffer = this.#buffer.slice(marker === functionOpen ? at : at + marker.length);
    if (marker === thinkOpen) this.#state = "reasoning";
    else if (marker === thinkClose || marker === callClose) this.#state = "text";
    else {
      this.#state = "text";
      const close = marker === callOpen ? callClose : functionClose;
      this.#call = { end: new BlockEnd(close), stream: new ToolCallStream(this.#schemas), id: undefined, told: 0 };
    }
  }

  /** Shows what lies before `at`, save white space at its end, which goes when a tag follows. */
  #hold(at: number): false {
    const shown = this.#buffer.slice(0, at).trimEnd().length;
    this.#show(this.#buffer.slice(0, shown));
    this.#buffer = this.#buffer.slice(shown);
    return false;
  }

  #show(text: string): void {
    if (text === "") return;
    const line = text.slice(text.lastIndexOf("\n") + 1);
    this.#lineStart = line.trim() === "" && (line.length < text.length || this.#lineStart);
    this.#parts.push({ type: this.#state === "reasoning" ? "reasoning" : "text", text });
  }

  #readCall(open: OpenCall, final: boolean): boolean {
    const { close } = open.end;
    let end = open.end.find(this.#buffer);
    const closed = end >= 0;
    this.#follow(open, closed ? end : beginningOf([close], this.#buffer));
    if (!closed && !final) return false;
    const { doubtful } = open.end;
    if (!closed) end = doubtful ?? this.#buffer.length;
    const block = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(Math.min(end + close.length, this.#buffer.length));
    this.#call = undefined;
    const whole = closed || doubtful !== undefined;
    const calls = parseToolCalls(closed ? block : block.slice(0, beginningOf([close], block)), this.#schemas, whole);
    if (calls) for (const [n, call] of calls.entries()) this.#finish(call, n === 0 ? open : undefined);
    else if (block.trim() !== "" || !closed) {
      const id = open.id === undefined ? {} : { id: open.id };
      this.#parts.push({ type: "malformed-tool-call", text: block.trim(), ...id });
    }
    this.#lineStart = true;
    this.#skipBreaks = true;
    return true;
  }

  /** Tells what is certain of a call that is still being written. From an end in doubt on nothing is. */
  #follow(open: OpenCall, end: number): void {
    const { name, fresh } = open.stream.read(this.#buffer.slice(0, Math.min(end, open.end.doubtful ?? end)));
    if (name === undefined) return;
    open.id ??= this.#begin(name);
    this.#addArguments(open.id, fresh);
    open.told += fresh.length;
  }

  #finish({ name, arguments: given }: ToolCall, open: OpenCall | undefined): void {
    const id = open?.id ?? this.#begin(name);
    this.#addArguments(id, given.slice(open?.told ?? 0));
    this.#parts.push({ type: "tool-call", id, name, arguments: given });
  }

  #begin(name: string): string {
    const id = this.#newId();
    this.#parts.push({ type: "tool-call-start", id, name });
    return id;
  }

  #addArguments(id: string, piece: string): void {
    if (piece !== "") this.#parts.push({ type: "tool-call-delta", id, arguments: piece });
  }
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `call_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
