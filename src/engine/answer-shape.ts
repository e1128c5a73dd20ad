// What an answer may look like: a format, and tool calls as the request wants them, in the markup of the model's template. Undefined
// where anything may come, which costs nothing.

import { AnyqwenError } from "../core/errors.ts";
import { isObject } from "../core/objects.ts";
import type { AnswerShape, CallShape } from "../generate/grammar/answer.ts";
import type { CallStyle, GrammarTool } from "../generate/grammar/tool-call.ts";
import { promptOpensThinking } from "../text/output-parser.ts";
import type { ChatOptions, ToolChoice } from "./types.ts";

type Wanted = Pick<ChatOptions, "format" | "tools" | "toolChoice" | "parallelToolCalls" | "thinking">;

/** What a template says about the answers it asks for. */
export interface TemplateHabits {
  /** The markup of calls, if it knows any. */
  readonly calls: CallStyle | undefined;
  readonly thinks: boolean;
}

interface Tool extends GrammarTool {
  readonly strict: boolean;
}

export function chatShape(options: Wanted, prompt: string, habits: TemplateHabits): AnswerShape | undefined {
  const calls = callShape(options, habits);
  if (!options.format && !calls) return undefined;
  return { format: options.format, calls, thinking: thinkingIn(prompt, options, habits) };
}

/** The tools that the template gets to see. */
export function shownTools({ tools, toolChoice }: Wanted): readonly unknown[] | undefined {
  return toolChoice === "none" ? undefined : tools;
}

function thinkingIn(prompt: string, { thinking }: Wanted, { thinks }: TemplateHabits): AnswerShape["thinking"] {
  if (promptOpensThinking(prompt)) return "open";
  const turn = prompt.slice(prompt.lastIndexOf("<|im_start|>"));
  return thinks && thinking !== false && !turn.includes("</think>") ? "possible" : undefined;
}

function callShape(
  { tools: given = [], toolChoice = "auto", parallelToolCalls = true }: Wanted,
  { calls: style }: TemplateHabits,
): CallShape | undefined {
  checkChoice(toolChoice);
  const tools = given.map(readTool);
  const named = typeof toolChoice === "object" ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  if (toolChoice !== "auto" && toolChoice !== "none" && named.length === 0) {
    const wanted = typeof toolChoice === "object" ? `the tool ${JSON.stringify(toolChoice.name)}` : "a tool call";
    throw new AnyqwenError("invalid-argument", `toolChoice asks for ${wanted}, which tools do not have`);
  }
  if (toolChoice === "none")
    return tools.length > 0 && style ? { style, tools: [], choice: "none", parallel: false } : undefined;
  const isFree = toolChoice === "auto" && parallelToolCalls && !tools.some(({ strict }) => strict);
  if (tools.length === 0 || isFree) return undefined;
  if (!style) {
    throw new AnyqwenError(
      "unsupported",
      "this model's chat template has no markup for tool calls that is known (<tool_call>), so none can be asked for; " +
        "leave out toolChoice, parallelToolCalls and strict",
    );
  }
  const choice = toolChoice === "auto" ? "auto" : "required";
  return {
    style,
    tools: named.map(({ name, parameters, strict }) =>
      strict || choice === "required" ? { name, parameters: parameters ?? {} } : { name },
    ),
    choice,
    parallel: parallelToolCalls && typeof toolChoice !== "object",
  };
}

function checkChoice(choice: ToolChoice): void {
  if (choice === "auto" || choice === "none" || choice === "required") return;
  if (isObject(choice) && typeof choice.name === "string") return;
  throw new AnyqwenError(
    "invalid-argument",
    `toolChoice is ${JSON.stringify(choice)?.slice(0, 60)}; expected "auto", "none", "required" or { name }`,
  );
}

function readTool(tool: unknown, i: number): Tool {
  const inner = isObject(tool) && isObject(tool.function) ? tool.function : tool;
  if (!isObject(inner) || typeof inner.name !== "string") {
    throw new AnyqwenError("invalid-argument", `tools[${i}] has no function with a name`);
  }
  return { name: inner.name, parameters: inner.parameters, strict: inner.strict === true };
}
