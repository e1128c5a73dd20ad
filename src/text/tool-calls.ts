// The inside of a <tool_call> block to calls. Qwen2.5 and Qwen3 write Hermes' JSON, {"name": …, "arguments": {…}}; Qwen3-Coder and
// Qwen3.5 write <function=name><parameter=key>value</parameter>…</function>, where a value's type is known from the tool's schema only.

import { isObject, type JsonObject } from "../core/objects.ts";
import { entryOf, type JsonNode, readLenientJson, writeJson } from "./lenient-json.ts";

export interface ToolCall {
  readonly name: string;
  /** A JSON object. */
  readonly arguments: string;
}

/** Schemas of arguments by tool. */
export type ToolSchemas = ReadonlyMap<string, JsonObject>;

/** From tools in the OpenAI manner; anything else is passed over, since a schema only refines what a value is. */
export function readToolSchemas(tools: readonly unknown[] = []): ToolSchemas {
  const schemas = new Map<string, JsonObject>();
  for (const tool of tools) {
    if (!isObject(tool)) continue;
    const { name, parameters } = isObject(tool.function) ? tool.function : tool;
    if (typeof name === "string") schemas.set(name, isObject(parameters) ? parameters : {});
  }
  return schemas;
}

/** The calls of a block, or undefined if it makes no sense. A block that breaks off (not `closed`) counts only if all of it is there:
 *  half a command is worse than none. */
export function parseToolCalls(block: string, schemas: ToolSchemas, closed: boolean): ToolCall[] | undefined {
  const text = withoutFence(block.trim());
  const calls = text.startsWith("<") ? parseFunctions(text, schemas, closed) : parseHermes(text, closed);
  return calls && calls.length > 0 ? calls : undefined;
}

/** Some models put the call into a block of code. */
function withoutFence(text: string): string {
  if (!text.startsWith("```")) return text;
  const body = text.slice(3).replace(/^(?:json|xml)/, "");
  return (body.endsWith("```") ? body.slice(0, -3) : body).trim();
}

function parseHermes(text: string, closed: boolean): ToolCall[] | undefined {
  const calls: ToolCall[] = [];
  const values = readLenientJson(text, closed)?.flatMap((value) => (value.kind === "array" ? value.items : [value]));
  for (const value of values ?? []) {
    const inner = entryOf(value, "function");
    const call = inner?.kind === "object" && !isName(entryOf(value, "name")) ? inner : value;
    const name = entryOf(call, "name") ?? inner;
    const given = argumentsOf(entryOf(call, "arguments") ?? entryOf(call, "parameters"));
    if (!isName(name) || given === undefined) return undefined;
    calls.push({ name: name.value, arguments: given });
  }
  return calls;
}

function isName(node: JsonNode | undefined): node is Extract<JsonNode, { kind: "string" }> {
  return node?.kind === "string" && node.value !== "";
}

/** Some models write the arguments as a string of JSON, or leave them out when there are none. */
function argumentsOf(node: JsonNode | undefined): string | undefined {
  if (node === undefined || (node.kind === "literal" && node.text === "null")) return "{}";
  if (node.kind === "object") return writeJson(node);
  const inner = node.kind === "string" ? readLenientJson(node.value) : undefined;
  if (node.kind === "string" && node.value.trim() === "") return "{}";
  return inner?.length === 1 && inner[0].kind === "object" ? writeJson(inner[0]) : undefined;
}

export const functionOpen = "<function=";
export const functionClose = "</function>";
export const parameterOpen = "<parameter=";
export const parameterClose = "</parameter>";

function parseFunctions(text: string, schemas: ToolSchemas, closed: boolean): ToolCall[] | undefined {
  const calls: ToolCall[] = [];
  let at = text.indexOf(functionOpen);
  if (at < 0 || !(closed || text.endsWith(functionClose))) return undefined;
  while (at >= 0) {
    const head = functionHead(text, at);
    if (!head) return undefined;
    const { name } = head;
    const { entries, end } = parseParameters(text, head.end, schemas.get(name) ?? {});
    calls.push({ name, arguments: writeJson({ kind: "object", entries }) });
    at = text.indexOf(functionOpen, end);
  }
  return calls;
}

/** The name in <function=name>, and where that tag ends; undefined if it is no name. */
export function functionHead(text: string, at: number): { name: string; end: number } | undefined {
  const end = text.indexOf(">", at);
  const name = end < 0 ? "" : text.slice(at + functionOpen.length, end).trim();
  return name === "" || /[\s<]/.test(name) ? undefined : { name, end: end + 1 };
}

function parseParameters(
  text: string,
  start: number,
  schema: JsonObject,
): { entries: [string, JsonNode][]; end: number } {
  const entries: [string, JsonNode][] = [];
  let at = start;
  for (;;) {
    const found = parameterAt(text, at);
    if (!found) return { entries, end: at };
    const { key, start: valueStart } = found;
    const { end, next } = parameterEnd(text, valueStart);
    entries.push([key, typedValue(withoutLines(text.slice(valueStart, end)), propertyOf(schema, key), schema)]);
    at = next;
  }
}

/** The head of a parameter, which may stand at `at`, and where its value starts. */
export function parameterAt(text: string, at: number): { key: string; start: number } | undefined {
  const open = /\s*<parameter=([^>\n]*)>/y;
  open.lastIndex = at;
  const found = open.exec(text);
  return found ? { key: found[1].trim(), start: at + found[0].length } : undefined;
}

/** The template puts each value on lines of its own. */
export function withoutLines(value: string): string {
  return value.replace(/^\n/, "").replace(/\n$/, "");
}

/** What may follow a parameter, if anything does. */
export const parameterFollowers = [parameterOpen, functionClose, "</tool_call>", functionOpen];

/** A value may itself contain "</parameter>"; the one that ends it is followed by more markup, or by nothing. */
export function closesParameter(text: string, close: number): boolean {
  const after = new RegExp(`\\s*(?:${parameterFollowers.join("|")}|$)`, "y");
  after.lastIndex = close + parameterClose.length;
  return after.test(text);
}

function parameterEnd(text: string, start: number): { end: number; next: number } {
  for (let close = text.indexOf(parameterClose, start); close >= 0; close = text.indexOf(parameterClose, close + 1))
    if (closesParameter(text, close)) return { end: close, next: close + parameterClose.length };
  // Never closed: up to the next parameter or the function's end.
  const ends = [text.indexOf(`\n${parameterOpen}`, start), text.indexOf(functionClose, start)].filter(
    (end) => end >= 0,
  );
  const end = Math.min(text.length, ...ends);
  return { end, next: end };
}

export function propertyOf({ properties }: JsonObject, key: string): unknown {
  return isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** Whether a value is text whatever it says. */
export function isPlainText(schema: unknown, root: unknown): boolean {
  const types = parameterTypes(schema, root);
  return types.size === 0 || (types.has("string") && types.size === 1);
}

export function typedValue(value: string, schema: unknown, root: unknown): JsonNode {
  const text: JsonNode = { kind: "string", value };
  if (isPlainText(schema, root)) return text;
  const types = parameterTypes(schema, root);
  const trimmed = value.trim();
  if (/^(?:null|none)$/i.test(trimmed)) return { kind: "literal", text: "null" };
  if (types.has("boolean") && /^(?:true|false)$/i.test(trimmed))
    return { kind: "literal", text: trimmed.toLowerCase() };
  const read = readLenientJson(trimmed);
  if (read?.length !== 1 || read[0].kind === "string") return text;
  return !types.has("string") || types.has(typeOf(read[0])) ? read[0] : text;
}

function typeOf(node: JsonNode): string {
  return node.kind !== "literal"
    ? node.kind
    : /^[tf]/.test(node.text)
      ? "boolean"
      : node.text === "null"
        ? "null"
        : "number";
}

/** Following references and alternatives beyond this is somebody's joke. */
const mostSchemas = 200;

/** Types that a schema speaks of; integer counts as number. None: it says nothing. `root`: what "#/…" in a reference points into. */
export function parameterTypes(schema: unknown, root: unknown): Set<string> {
  const types = new Set<string>();
  const queue: unknown[] = [schema];
  for (let at = 0; at < queue.length && at < mostSchemas; at++) {
    const next = queue[at];
    if (!isObject(next)) continue;
    for (const key of ["anyOf", "oneOf", "allOf"])
      if (Array.isArray(next[key])) queue.push(...next[key].slice(0, mostSchemas));
    if (typeof next.$ref === "string") queue.push(pointedTo(root, next.$ref));
    const named = Array.isArray(next.type) ? next.type : [next.type];
    const values =
      "const" in next ? [next.const] : next.type === undefined && Array.isArray(next.enum) ? next.enum : [];
    for (const type of [...named, ...values.map(typeOfValue)])
      if (typeof type === "string") types.add(type === "integer" ? "number" : type);
  }
  return types;
}

function typeOfValue(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function pointedTo(root: unknown, reference: string): unknown {
  let at = root;
  for (const part of reference.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}
