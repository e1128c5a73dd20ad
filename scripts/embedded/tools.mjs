// The embedded model's tools, and calls of them in the shape of the chat API, keys in the order of the schema.

import { readFileSync } from "node:fs";

const path = new URL("../../assets/embedded/tools.json", import.meta.url);
export const tools = JSON.parse(readFileSync(path, "utf8"));

/** @type {readonly string[]} */
export const toolNames = tools.map((tool) => tool.function.name);
export const glasses = ["identify_product", "navigate", "draft_message", "search_web", "translate_caption"];
export const dashboard = toolNames.filter((name) => !glasses.includes(name) || name === "navigate");

/** The arguments whose words are the user's. */
export const spanArguments = new Set(["destination", "recipient", "text", "query", "near"]);

const properties = new Map(tools.map((tool) => [tool.function.name, Object.keys(tool.function.parameters.properties)]));

/** @param {string} name @returns {readonly string[]} */
export function argumentsOf(name) {
  const keys = properties.get(name);
  if (!keys) throw new Error(`no tool is called ${name}`);
  return keys;
}

/** @param {string} name @param {Record<string, unknown>} given */
export function inOrder(name, given) {
  const keys = argumentsOf(name);
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown) throw new Error(`${name} has no argument ${unknown}`);
  return Object.fromEntries(keys.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
}

/** JSON with a space behind colons and commas, as the chat template writes it. @param {unknown} value @returns {string} */
export function spacedJson(value) {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${spacedJson(field)}`);
  return `{${fields.join(", ")}}`;
}

/** @param {readonly { name: string, arguments: Record<string, unknown> }[]} calls */
export function callMessage(calls) {
  return {
    role: "assistant",
    content: "",
    tool_calls: calls.map((call) => ({
      type: "function",
      function: { name: call.name, arguments: spacedJson(call.arguments) },
    })),
  };
}
