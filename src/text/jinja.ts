// Jinja as Qwen's chat templates need it: @huggingface/jinja, with those places mended where it differs from Jinja on Python. The
// parsed template is rewritten so that printing, ~, strip with arguments, and the filters string, trim and tojson call functions of
// ours; everything else is the library's.

import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { AnyqwenError } from "../core/errors.ts";
import { type JsonOptions, pythonJson, pythonString, pythonStrip, type RuntimeValue } from "./python-text.ts";
import { strftime } from "./strftime.ts";

type Program = ReturnType<typeof parse>;
type RuntimeFunction = (args: RuntimeValue[]) => RuntimeValue;

/** Any node of the syntax tree; only the fields asked for are read. */
interface Node {
  type: string;
  [field: string]: unknown;
}

/** raise_exception was called. */
class Refusal extends Error {}

const longestRange = 1_000_000;
const statements = new Set([
  "Set",
  "If",
  "For",
  "Macro",
  "CallStatement",
  "FilterStatement",
  "Break",
  "Continue",
  "Comment",
]);
const names = { print: "__print", join: "__join", strip: "__strip", json: "__json", string: "__string" } as const;

export interface CompiledTemplate {
  render(variables: Readonly<Record<string, unknown>>, now?: Date): string;
  /** Texts that the template looks for in what it is given: arguments of methods and operands of comparisons. */
  readonly examined: ReadonlySet<string>;
}

export function compileTemplate(source: string): CompiledTemplate {
  let program: Program;
  const examined = new Set<string>();
  try {
    program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
    collectExamined(program as unknown as Node, false, examined);
    rewrite(program as unknown as Node, Object.getPrototypeOf(Object.getPrototypeOf(program)));
  } catch (cause) {
    throw new AnyqwenError("template", `the chat template cannot be read: ${messageOf(cause)}`, { cause });
  }
  return {
    examined,
    render(variables, now = new Date()) {
      try {
        const environment = makeEnvironment(now);
        for (const [name, value] of Object.entries(variables)) environment.set(name, value);
        return new Interpreter(environment).run(program).value as string;
      } catch (cause) {
        const what = cause instanceof Refusal ? "refuses the conversation" : "failed";
        throw new AnyqwenError("template", `the chat template ${what}: ${messageOf(cause)}`, { cause });
      }
    },
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function makeEnvironment(now: Date): Environment {
  const environment = new Environment();
  const globals = { true: true, True: true, false: false, False: false, none: null, None: null };
  for (const [name, value] of Object.entries(globals)) environment.set(name, value);
  environment.set("raise_exception", (message: unknown) => {
    throw new Refusal(String(message));
  });
  environment.set("strftime_now", (format: unknown) => strftime(now, String(format)));
  environment.set("range", range);

  // The library does not export its value classes; any string value leads to theirs.
  const sample = environment.set("__sample", "") as RuntimeValue;
  const StringValue = sample.constructor as new (text: string) => RuntimeValue;
  const define = (name: string, body: (args: RuntimeValue[]) => string) => {
    const value: RuntimeFunction = (args) => new StringValue(body(args));
    environment.setVariable(name, { type: "FunctionValue", value } as never);
  };
  define(names.print, ([value]) => pythonString(value));
  define(names.string, ([value]) => pythonString(value));
  define(names.join, ([left, right]) => pythonString(left) + pythonString(right));
  define(names.strip, ([side, text, characters]) => {
    if (text.type !== "StringValue") throw new Error(`strip on a ${text.type}`);
    const given = characters?.type === "StringValue" ? (characters.value as string) : undefined;
    return pythonStrip(text.value as string, side.value as "both" | "left" | "right", given);
  });
  define(names.json, ([value, ...options]) => pythonJson(value, jsonOptions(options)));
  return environment;
}

/** tojson(ensure_ascii, indent, separators, sort_keys), by position or by name. */
function jsonOptions(args: readonly RuntimeValue[]): JsonOptions {
  const last = args.at(-1);
  const named = last?.type === "KeywordArgumentsValue" ? (last.value as Map<string, RuntimeValue>) : new Map();
  const at = (index: number, name: string): unknown => {
    const value = args[index]?.type === "KeywordArgumentsValue" ? undefined : args[index];
    return (value ?? named.get(name))?.value ?? undefined;
  };
  const indent = at(1, "indent");
  const separators = at(2, "separators") as RuntimeValue[] | undefined;
  return {
    ensureAscii: at(0, "ensure_ascii") === true,
    indent: typeof indent === "number" && indent >= 0 && indent <= 100 ? indent : undefined,
    separators: separators && [pythonString(separators[0]), pythonString(separators[1])],
    sortKeys: at(3, "sort_keys") === true,
  };
}

function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = step === 0 ? Number.NaN : Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= longestRange)) throw new Error(`range(${start}, ${stop}, ${step}) is not possible here`);
  return Array.from({ length }, (_, i) => start + i * step);
}

const comparisons = new Set(["in", "not in", "==", "!="]);

function collectExamined(node: unknown, compared: boolean, found: Set<string>): void {
  visitChildren(node, (child, parent, field) => {
    if (child.type === "StringLiteral") {
      if (compared || field === "args") found.add(child.value as string);
      return;
    }
    const operator = (child.operator as { value?: unknown } | undefined)?.value;
    const comparing = child.type === "BinaryExpression" && comparisons.has(String(operator));
    const inArguments = field === "args" && parent?.type === "CallExpression";
    collectExamined(child, comparing || (compared && inArguments), found);
  });
}

/** Calls `visit` for the nodes directly below one, through lists and maps. */
function visitChildren(node: unknown, visit: (child: Node, parent: Node | undefined, field: string) => void): void {
  const each = (value: unknown, parent: Node | undefined, field: string) => {
    if (Array.isArray(value)) for (const item of value) each(item, parent, field);
    else if (value instanceof Map) for (const pair of value) each(pair, parent, field);
    else if (isNode(value)) visit(value, parent, field);
  };
  if (isNode(node)) for (const [field, value] of Object.entries(node)) each(value, node, field);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Rewrites below `node` in place. `prototype` is that of the library's nodes, by which it knows them again. */
function rewrite(node: Node, prototype: object): void {
  const make = (fields: Node): Node => Object.assign(Object.create(prototype), fields);
  const call = (name: string, ...args: unknown[]): Node =>
    make({ type: "CallExpression", callee: make({ type: "Identifier", value: name }), args });
  const replace = (value: unknown, printed: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => replace(item, printed));
    if (value instanceof Map)
      return new Map([...value].map(([key, item]) => [replace(key, false), replace(item, false)]));
    if (!isNode(value)) return value;
    rewrite(value, prototype);
    const mended = mend(value, call, make);
    const silent = statements.has(mended.type) || mended.type === "StringLiteral";
    return printed && !silent ? call(names.print, mended) : mended;
  };
  for (const [field, value] of Object.entries(node)) {
    if (typeof value !== "object" || value === null) continue;
    const printed = field === "body" || field === "alternate" || field === "defaultBlock";
    node[field] = replace(value, printed);
  }
}

const strips: Readonly<Record<string, string>> = { strip: "both", lstrip: "left", rstrip: "right" };
const filters: Readonly<Record<string, string>> = { string: names.string, tojson: names.json };

function mend(node: Node, call: (name: string, ...args: unknown[]) => Node, make: (fields: Node) => Node): Node {
  const side = (value: string) => make({ type: "StringLiteral", value });
  if (node.type === "BinaryExpression" && (node.operator as { value: unknown }).value === "~")
    return call(names.join, node.left, node.right);
  if (node.type === "CallExpression") {
    const callee = node.callee as Node;
    const property = callee.property as Node | undefined;
    const method = callee.type === "MemberExpression" && !callee.computed ? String(property?.value) : "";
    if (Object.hasOwn(strips, method))
      return call(names.strip, side(strips[method]), callee.object, ...(node.args as unknown[]));
  }
  if (node.type === "FilterExpression") {
    const filter = node.filter as Node;
    const called = filter.type === "CallExpression";
    const name = String(called ? (filter.callee as Node).value : filter.value);
    const args = called ? (filter.args as unknown[]) : [];
    if (name === "trim") return call(names.strip, side("both"), node.operand, ...args);
    if (Object.hasOwn(filters, name)) return call(filters[name], node.operand, ...args);
  }
  return node;
}
