// A chat answer, as it streams in, to parts: text, reasoning (<think>…</think>) and tool calls (<tool_call>…</tool_call>). Whatever may
// still turn out to be markup is held back, so the parts are the same however the text was cut, and no markup is ever shown as text.

import { closesParameter, parameterClose, parseToolCalls, readToolSchemas, type ToolSchemas } from "./tool-calls.ts";

export type OutputPart =
  | { readonly type: "text" | "reasoning"; readonly text: string }
  /** `arguments` is a JSON object, as text. */
  | { readonly type: "tool-call"; readonly id: string; readonly name: string; readonly arguments: string }
  /** A tool call that could not be read, as the model wrote it. */
  | { readonly type: "malformed-tool-call"; readonly text: string };

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
const functionOpen = "<function=";
const functionClose = "</function>";

type Marker = typeof thinkOpen | typeof thinkClose | typeof callOpen | typeof callClose | typeof functionOpen;

const callOpenings = ["{", "[", "`", functionOpen, callClose];
const textMarkers: readonly Marker[] = [thinkOpen, thinkClose, callOpen, callClose, functionOpen];
const reasoningMarkers: readonly Marker[] = [thinkOpen, thinkClose, callOpen];

type State = "text" | "reasoning" | "call" | "function";

class StreamParser implements OutputParser {
  readonly #schemas: ToolSchemas;
  readonly #newId: () => string;
  #state: State;
  #buffer = "";
  #parts: OutputPart[] = [];
  /** Nothing but white space has been shown since the last line break, tag or beginning. */
  #lineStart = true;
  /** Line breaks that come next belong to the markup before them. */
  #skipBreaks: boolean;
  /** In a call: up to where the buffer was searched, whether that lies inside a JSON string, and the first end that did. */
  #searched = 0;
  #inString = false;
  #doubtfulEnd = -1;

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
    while (this.#buffer !== "" || (final && this.#state === "call")) {
      const going =
        this.#state === "call" || this.#state === "function" ? this.#readCall(final) : this.#readProse(final);
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
      this.#state = marker === callOpen ? "call" : "function";
      this.#searched = 0;
      this.#inString = false;
      this.#doubtfulEnd = -1;
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

  #readCall(final: boolean): boolean {
    const close = this.#state === "call" ? callClose : functionClose;
    let end = this.#findEnd(close);
    const closed = end >= 0;
    if (!closed) {
      if (!final) return false;
      end = this.#doubtfulEnd >= 0 ? this.#doubtfulEnd : this.#buffer.length;
    }
    const block = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(Math.min(end + close.length, this.#buffer.length));
    const calls = parseToolCalls(
      closed ? block : withoutBeginningOf(close, block),
      this.#schemas,
      closed || this.#doubtfulEnd >= 0,
    );
    if (calls) for (const call of calls) this.#parts.push({ type: "tool-call", id: this.#newId(), ...call });
    else if (block.trim() !== "" || !closed) this.#parts.push({ type: "malformed-tool-call", text: block.trim() });
    this.#state = "text";
    this.#lineStart = true;
    this.#skipBreaks = true;
    return true;
  }

  /** The closing tag, passing over those inside a JSON string or a parameter's value. */
  #findEnd(close: string): number {
    const json = !this.#buffer.trimStart().startsWith("<");
    for (;;) {
      const end = this.#buffer.indexOf(close, this.#searched);
      // What may be the beginning of the closing tag is looked at again when more is there.
      const stop = end < 0 ? Math.max(this.#searched, this.#buffer.length - close.length) : end;
      const scanned = json ? this.#scanStrings(stop) : stop;
      const inside = json ? this.#inString : end >= 0 && this.#inParameter(end);
      this.#searched = end < 0 ? scanned : end + close.length;
      if (end < 0 || !inside) return end;
      if (this.#doubtfulEnd < 0) this.#doubtfulEnd = end;
    }
  }

  /** Follows quotes from where the search stands to `stop`; returns where it got, which is beyond an escape that begins before. */
  #scanStrings(stop: number): number {
    let i = this.#searched;
    for (; i < stop; i++) {
      const unit = this.#buffer[i];
      if (unit === '"') this.#inString = !this.#inString;
      else if (unit === "\\" && this.#inString) i++;
    }
    return i;
  }

  #inParameter(end: number): boolean {
    const open = this.#buffer.lastIndexOf("<parameter=", end);
    if (open < 0) return false;
    let close = this.#buffer.lastIndexOf(parameterClose, end);
    while (close > open && !closesParameter(this.#buffer, close)) {
      close = this.#buffer.lastIndexOf(parameterClose, close - 1);
    }
    return close < open;
  }
}

/** Without a closing tag that breaks off. */
function withoutBeginningOf(close: string, block: string): string {
  for (let length = close.length - 1; length > 0; length--)
    if (block.endsWith(close.slice(0, length))) return block.slice(0, -length);
  return block;
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `call_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
