// A request's options, checked and turned into what generation needs. They come from programs and, through the server, from
// strangers. What concerns sampling is checked where it is defined (generate/sampling.ts).

import { AnyqwenError } from "../core/errors.ts";
import { checkFormat } from "../generate/grammar/format.ts";
import { TokenHistory } from "../generate/history.ts";
import { PromptLookup } from "../generate/lookup.ts";
import { hasPenalties, samplingDefaults, samplingRule } from "../generate/sampling.ts";
import type { Model } from "../models/open.ts";
import { familySampling } from "./defaults.ts";
import type { GenerationOptions } from "./generation.ts";
import type { GenerateOptions } from "./types.ts";

type Options = Omit<GenerateOptions, "signal">;

/** Far more than anybody needs; the matcher's states grow with their length. */
const MOST_STOPS = 256;
const LONGEST_STOP = 4096;

export function checkRequest({ maxTokens, chunk, overflow, stop, format, ignoreEos }: Options): void {
  const wrong = (name: string, value: unknown, expected: string) =>
    new AnyqwenError("invalid-argument", `${name} is ${JSON.stringify(value)?.slice(0, 60)}; expected ${expected}`);
  for (const [name, value] of Object.entries({ maxTokens, chunk })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
    throw wrong(name, value, "a whole number from 1 on");
  }
  if (overflow !== undefined && overflow !== "error" && overflow !== "shift") {
    throw wrong("overflow", overflow, '"error" or "shift"');
  }
  if (format !== undefined) checkFormat(format);
  if (format !== undefined && ignoreEos) {
    throw new AnyqwenError("invalid-argument", "ignoreEos and format contradict each other: a document ends");
  }
  const stops = listOfStops(stop);
  const fine = (entry: unknown) =>
    typeof entry === "number" || (typeof entry === "string" && entry !== "" && entry.length <= LONGEST_STOP);
  if (stops.length > MOST_STOPS || !stops.every(fine)) {
    throw wrong("stop", stop, `up to ${MOST_STOPS} token ids and texts of 1 to ${LONGEST_STOP} characters`);
  }
}

function listOfStops(stop: Options["stop"]): readonly (string | number)[] {
  if (stop === undefined) return [];
  return Array.isArray(stop) ? stop : [stop as string];
}

export function stopTexts({ stop }: Options): string[] {
  return listOfStops(stop).filter((entry) => typeof entry === "string");
}

/** Where drafts come from: by default from the MTP layer and from what came before, if there is such a layer. */
export function draftsOf({ speculate }: Options, mtp: boolean): Pick<GenerationOptions, "lookup" | "mtp"> {
  const wanted = speculate === undefined ? (mtp ? "mtp" : "none") : speculate;
  if (wanted === "mtp" && !mtp) {
    throw new AnyqwenError(
      "unsupported",
      "speculate: this model has no MTP layer, or was loaded without it (`anyqwen inspect` says why); drafts by looking up " +
        'what came before need none: "lookup"',
    );
  }
  if (wanted === false || wanted === "none") return {};
  return { lookup: new PromptLookup(), mtp: mtp && wanted !== "lookup" };
}

export function samplingOf(
  options: Options,
  prompt: readonly number[],
  { checkpoint, config }: Model,
): Pick<GenerationOptions, "rule" | "history" | "stopIds"> {
  const defaults = samplingDefaults(checkpoint, familySampling(config.modelType));
  // Who asks for greedy gets the most probable token: penalties are recommended for sampling.
  const greedy = options.temperature === 0 && { repetitionPenalty: 1, presencePenalty: 0, frequencyPenalty: 0 };
  const rule = samplingRule(options, { ...defaults, ...greedy }, config.vocabSize);
  return {
    rule,
    history: hasPenalties(rule) ? new TokenHistory(prompt) : undefined,
    stopIds: new Set(listOfStops(options.stop).filter((entry) => typeof entry === "number")),
  };
}
