// The options that say what a run minimises and which weights it trains, with their defaults filled in.

import { AnyqwenError } from "../../core/errors.ts";
import type { Loss } from "../../core/vjp.ts";
import type { TrainOptions } from "../types.ts";

export const methods = ["lora", "full", "scratch", "distil", "dpo"] as const;
export type Method = (typeof methods)[number];

const adapterOptions = ["rank", "alpha", "targets", "rslora", "dropout", "initAdapter", "quantize"] as const;

/** Whether a low-rank adapter is trained, not all weights: by the method, and when distilling, if some option is an adapter's. */
export function trainsAdapter(options: Partial<TrainOptions>): boolean {
  const { method = "lora" } = options;
  if (method === "distil") return adapterOptions.some((name) => options[name] !== undefined);
  return method === "lora" || method === "dpo";
}

/** Undefined: not of this run's method. */
export interface ObjectiveSettings {
  readonly dropout?: number;
  readonly dpoBeta?: number;
  readonly teacher?: string;
  readonly distilTemperature?: number;
  readonly distilWeight?: number;
}

/** Fails with code "invalid-argument". */
export function objectiveSettings(options: TrainOptions, method: Method): ObjectiveSettings {
  const { dropout, dpoBeta, teacher, distilTemperature, distilWeight } = options;
  for (const name of adapterOptions) {
    if (!trainsAdapter(options) && options[name] !== undefined)
      throw wrong(name, options[name], "nothing: only a low-rank adapter (method lora) has it");
  }
  if (method !== "dpo" && dpoBeta !== undefined) throw wrong("dpoBeta", dpoBeta, "nothing: only method dpo has it");
  for (const name of ["teacher", "distilTemperature", "distilWeight"] as const) {
    if (method !== "distil" && options[name] !== undefined)
      throw wrong(name, options[name], "nothing: only method distil has it");
  }
  if (method === "distil" && teacher === undefined)
    throw wrong("teacher", undefined, "a model for method distil to learn from");
  if (dropout !== undefined && !(dropout >= 0 && dropout < 1)) throw wrong("dropout", dropout, "from 0 to below 1");
  if (dpoBeta !== undefined && !(dpoBeta > 0 && dpoBeta < Number.POSITIVE_INFINITY))
    throw wrong("dpoBeta", dpoBeta, "a number above 0");
  if (distilTemperature !== undefined && !(distilTemperature >= 0.1 && distilTemperature <= 100))
    throw wrong("distilTemperature", distilTemperature, "from 0.1 to 100");
  if (distilWeight !== undefined && !(distilWeight >= 0 && distilWeight <= 1))
    throw wrong("distilWeight", distilWeight, "from 0 to 1");
  return {
    ...(dropout !== undefined && { dropout }),
    ...(method === "dpo" && { dpoBeta: dpoBeta ?? 0.1 }),
    ...(method === "distil" && {
      teacher,
      distilTemperature: distilTemperature ?? 2,
      distilWeight: distilWeight ?? 0.5,
    }),
  };
}

export function lossOf({ distilTemperature: temperature, distilWeight: weight }: ObjectiveSettings): Loss {
  if (temperature === undefined || weight === undefined) return { kind: "crossEntropy" };
  return { kind: "distillation", temperature, weight };
}

export function wrong(name: string, value: unknown, expected: string): AnyqwenError {
  const found = value === undefined ? "missing" : JSON.stringify(value);
  return new AnyqwenError("invalid-argument", `${name} is ${found}; expected ${expected}`);
}
