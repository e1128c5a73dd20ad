// The AI SDK's prompt to messages as the models' templates know them: one text per message, calls beside it, a message per result.

import type {
  LanguageModelV3Message,
  LanguageModelV3Prompt,
  LanguageModelV3ToolResultOutput,
  LanguageModelV3ToolResultPart,
} from "@ai-sdk/provider";
import { AnyqwenError, type ChatMessage } from "../api.ts";

export function messagesOf(prompt: LanguageModelV3Prompt): ChatMessage[] {
  return prompt.flatMap((message, i) => messageOf(message, `prompt[${i}]`));
}

function messageOf(message: LanguageModelV3Message, where: string): ChatMessage[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "user":
      return [{ role: "user", content: userText(message.content, where) }];
    case "assistant":
      return [assistantMessage(message.content, where)];
    case "tool":
      // Approvals are settled by the SDK: what was denied comes as a result that says so.
      return message.content.flatMap((part, i) =>
        part.type === "tool-result" ? [resultMessage(part, `${where}.content[${i}]`)] : [],
      );
  }
}

type Content<Role extends string> = Extract<LanguageModelV3Message, { role: Role }>["content"];

function userText(content: Content<"user">, where: string): string {
  return content
    .map((part, i) => {
      if (part.type === "text") return part.text;
      throw noFile(`${where}.content[${i}]`, part.mediaType);
    })
    .join("");
}

function assistantMessage(content: Content<"assistant">, where: string): ChatMessage {
  let [text, reasoning] = ["", ""];
  const calls: object[] = [];
  for (const [i, part] of content.entries()) {
    const at = `${where}.content[${i}]`;
    if (part.type === "text") text += part.text;
    else if (part.type === "reasoning") reasoning += part.text;
    else if (part.type === "tool-call") {
      const { toolCallId: id, toolName: name, input } = part;
      calls.push({ id, type: "function", function: { name, arguments: JSON.stringify(input) } });
    } else if (part.type === "file") throw noFile(at, part.mediaType);
    else throw unsupported(at, "results of tools that a provider ran are not supported; anyqwen runs no tools itself");
  }
  return {
    role: "assistant",
    content: text,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function resultMessage({ toolCallId, output }: LanguageModelV3ToolResultPart, where: string): ChatMessage {
  return { role: "tool", tool_call_id: toolCallId, content: resultText(output, where) };
}

function resultText(output: LanguageModelV3ToolResultOutput, where: string): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "execution-denied":
      return output.reason ?? "The user denied this call.";
    case "content":
      return output.value
        .map((part, i) => {
          if (part.type === "text") return part.text;
          throw unsupported(
            `${where}.output.value[${i}]`,
            `parts of type ${part.type} are not supported; models here read text`,
          );
        })
        .join("\n");
  }
}

function noFile(where: string, mediaType: string): AnyqwenError {
  return unsupported(where, `files (${mediaType}) are not supported; models here read text, so pass the file's text`);
}

function unsupported(where: string, what: string): AnyqwenError {
  return new AnyqwenError("unsupported", `${where}: ${what}`);
}
