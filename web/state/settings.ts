// What the user has set, kept in this browser. What is empty is left to the model's own files.

import { Store } from "./store.ts";

export interface Settings {
  readonly system: string;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly thinking: "auto" | "on" | "off";
  /** A JSON array of tools in OpenAI's form, or nothing. */
  readonly tools: string;
  readonly apiKey: string;
  readonly theme: "system" | "light" | "dark";
}

export const defaultSettings: Settings = { system: "", thinking: "auto", tools: "", apiKey: "", theme: "system" };

const KEY = "anyqwen.settings";

export function parseSettings(text: string | null): Settings {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "{}");
  } catch {
    return defaultSettings;
  }
  const fields: Readonly<Record<string, unknown>> = typeof found === "object" && found !== null ? { ...found } : {};
  const string = (name: string) => (typeof fields[name] === "string" ? fields[name] : "");
  const number = (name: string) => (typeof fields[name] === "number" ? fields[name] : undefined);
  const oneOf = <T extends string>(name: string, first: T, ...others: T[]): T =>
    others.find((value) => value === fields[name]) ?? first;
  return {
    system: string("system"),
    temperature: number("temperature"),
    topP: number("topP"),
    maxTokens: number("maxTokens"),
    seed: number("seed"),
    thinking: oneOf("thinking", "auto", "on", "off"),
    tools: string("tools"),
    apiKey: string("apiKey"),
    theme: oneOf("theme", "system", "light", "dark"),
  };
}

/** The tools, or what is wrong with them. */
export function parseTools(text: string): { readonly tools: readonly object[] } | { readonly problem: string } {
  if (text.trim() === "") return { tools: [] };
  try {
    const tools: unknown = JSON.parse(text);
    if (!Array.isArray(tools)) return { problem: "Tools are a JSON array: [ … ]." };
    return { tools };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : error}` };
  }
}

export const settings = new Store<Settings>(defaultSettings);

/** Browsers may refuse storage; settings then hold as long as the page is open. */
export function openSettings(): void {
  try {
    settings.set(parseSettings(localStorage.getItem(KEY)));
  } catch {
    settings.set(defaultSettings);
  }
}

export function saveSettings(next: Settings): void {
  settings.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // see openSettings
  }
}
