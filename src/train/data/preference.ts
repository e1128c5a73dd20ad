// Preference pairs: a prompt with an answer that was chosen and one that was rejected. Texts, lists of messages, lists that hold the
// prompt themselves, or ids.

import { isObject } from "../../core/objects.ts";
import type { ChatMessage } from "../../engine/types.ts";
import {
  checkMessage,
  type Fields,
  filled,
  idsWithLabels,
  kindOf,
  listOf,
  RecordError,
  toolsOf,
  wholeNumbers,
} from "./record-fields.ts";
import { type DataRecord, type LabelledIds, notSupervised } from "./types.ts";

export function preference({ prompt, prompt_ids, chosen, rejected, tools }: Fields): DataRecord {
  if (isObject(chosen) && chosen.input_ids !== undefined) {
    const asked = prompt_ids === undefined ? [] : wholeNumbers("prompt_ids", prompt_ids);
    const example = behind(asked, "chosen", chosen);
    return { kind: "tokens", example: { ...example, rejected: behind(asked, "rejected", rejected) } };
  }
  const asked = promptOf(prompt);
  const sides = {
    chosen: [...asked, ...answer("chosen", chosen)],
    rejected: [...asked, ...answer("rejected", rejected)],
  };
  const from = prompt === undefined || prompt === null ? common(sides.chosen, sides.rejected) : asked.length;
  for (const [name, messages] of Object.entries(sides)) {
    if (!messages.slice(from).some(({ role }) => role === "assistant"))
      throw new RecordError(
        `${name}: nothing in it is the assistant's and not in the other: there is nothing to compare`,
      );
  }
  if (common(sides.chosen, sides.rejected) === Math.max(sides.chosen.length, sides.rejected.length))
    throw new RecordError("chosen and rejected are the same: there is nothing to compare");
  const given = toolsOf(tools);
  return { kind: "preference", ...sides, from, ...(given && { tools: given }) };
}

/** Ids of a prompt, which are not supervised, and of what is compared. */
function behind(asked: readonly number[], name: string, side: unknown): LabelledIds {
  if (!isObject(side)) throw new RecordError(`${name} is ${kindOf(side)}; expected { input_ids, labels } as in chosen`);
  const { input_ids, labels } = idsWithLabels(side);
  return { input_ids: [...asked, ...input_ids], labels: [...asked.map(() => notSupervised), ...labels] };
}

function promptOf(prompt: unknown): ChatMessage[] {
  if (prompt === undefined || prompt === null) return [];
  if (Array.isArray(prompt)) return prompt.map((message, i) => checkMessage(message, `prompt[${i}]`));
  return [{ role: "user", content: filled("prompt", prompt) }];
}

function answer(name: string, side: unknown): ChatMessage[] {
  if (typeof side === "string") return [{ role: "assistant", content: filled(name, side) }];
  return listOf(name, side).map((message, i) => checkMessage(message, `${name}[${i}]`));
}

/** Messages that both begin with. */
function common(a: readonly ChatMessage[], b: readonly ChatMessage[]): number {
  const differs = a.findIndex((message, i) => JSON.stringify(message) !== JSON.stringify(b[i]));
  return differs < 0 ? a.length : differs;
}
