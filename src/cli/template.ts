// anyqwen template MODEL: the prompt that a conversation becomes. No weights are read; MODEL may be a .jinja file.

import { type Command, InvalidArgumentError } from "commander";
import { isObject, type JsonObject } from "../core/objects.ts";
import { type CommandModule, examples, refuseIdle } from "./shared/command.ts";
import { parseConversation } from "./shared/conversation.ts";
import { readTextInput } from "./shared/input.ts";
import { printJson } from "./shared/output.ts";
import { renderTemplateOf } from "./shared/text.ts";

interface TemplateFlags {
  readonly input: string;
  readonly generationPrompt: boolean;
  readonly think?: boolean;
  readonly var?: Readonly<Record<string, unknown>>;
  readonly offline?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory, file, or a .jinja file")
    .option("-i, --input <file>", 'JSON: {"messages": […], "tools"?: […]}, or a list of messages; - is stdin', "-")
    .option("--no-generation-prompt", "end after the last message, not with the head of the answer")
    .option("--think", "as the template asks the model to think")
    .option("--no-think", "as it asks it not to")
    .option(
      "--var <name=value>",
      "a further variable of the template; the value is JSON or text (repeatable)",
      variable,
    )
    .option("--offline", "never touch the network")
    .option("--json", 'print one line of JSON: {"prompt"}');
  examples(
    command,
    ["What does the model see?", "template qwen3:0.6b --input conversation.json"],
    ["With a variable", "template ./chat.jinja -i talk.json --var enable_thinking=false"],
  );
  command.action(async (model: string, flags: TemplateFlags) => {
    if (flags.var && Object.hasOwn(flags.var, "enable_thinking")) {
      refuseIdle(flags, "--var sets enable_thinking", { think: flags.think ? "--think" : "--no-think" });
    }
    const { messages, tools, ...rest } = parseConversation(await readTextInput(flags.input), nameOf(flags.input));
    const prompt = await renderTemplateOf(model, flags, {
      messages,
      tools,
      thinking: flags.think,
      addGenerationPrompt: flags.generationPrompt && rest.add_generation_prompt !== false,
      variables: { ...objectOf(rest.chat_template_kwargs), ...objectOf(rest.kwargs), ...flags.var },
    });
    if (flags.json) printJson({ prompt });
    else process.stdout.write(process.stdout.isTTY && !prompt.endsWith("\n") ? `${prompt}\n` : prompt);
  });
};

function nameOf(path: string): string {
  return path === "-" ? "stdin" : path;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Variables that come from elsewhere, so that --var would not reach them. */
const reserved: Readonly<Record<string, string>> = {
  messages: "it comes from --input",
  tools: "they come from --input",
  add_generation_prompt: "use --no-generation-prompt",
};

function variable(text: string, earlier: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
  if (!match) throw new InvalidArgumentError(`${JSON.stringify(text)} is not of the form name=value.`);
  const elsewhere = Object.hasOwn(reserved, match[1]) ? reserved[match[1]] : undefined;
  if (elsewhere) throw new InvalidArgumentError(`${match[1]} is no further variable: ${elsewhere}.`);
  return { ...earlier, [match[1]]: jsonOrText(match[2]) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
