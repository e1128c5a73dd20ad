// From a data file to examples: read, rendered, tokenised, held to the length, and split into what is learnt and what is held back.

import { AnyqwenError } from "../../core/errors.ts";
import type { ChatMessage } from "../../engine/types.ts";
import { permutation } from "../random.ts";
import { type ChatExampleOptions, type ChatText, chatExamples } from "./chat-examples.ts";
import { type BrokenPolicy, BrokenRecords, readRecords } from "./read-records.ts";
import { teaches } from "./records.ts";
import {
  type BrokenRecord,
  type DataRecord,
  type LabelledIds,
  type PreferenceRecord,
  partsOf,
  type TrainingExample,
} from "./types.ts";

export interface DatasetOptions extends ChatExampleOptions {
  /** Most tokens of an example. Texts are cut into pieces of it. */
  readonly length: number;
  readonly vocab: number;
  /** Records that make no sense, are too long, or have nothing to learn from. Default "stop". */
  readonly broken?: BrokenPolicy;
  /** Examples that are too long: "broken" as said above, or their end is cut off. Default "broken". */
  readonly long?: "broken" | "cut";
  /** Expect preference pairs, and nothing else; default all else. */
  readonly preferences?: boolean;
}

export interface Dataset {
  readonly examples: readonly TrainingExample[];
  readonly broken: readonly BrokenRecord[];
}

const splitStream = 3;

/** `openText`: of the model that is trained, asked once, and not for ids. Fails with code "format", with the place. */
export async function makeDataset(
  file: { readonly name: string; readonly text: string },
  openText: () => Promise<ChatText | undefined>,
  options: DatasetOptions,
): Promise<Dataset> {
  let opened: Promise<ChatText | undefined> | undefined;
  const text = () => {
    opened ??= openText();
    return opened;
  };
  const broken = new BrokenRecords(options.broken ?? "stop");
  const examples: TrainingExample[] = [];
  for (const { where, record } of readRecords(file.name, file.text, broken)) {
    let made: TrainingExample[];
    try {
      made = await examplesOf(record, text, options);
    } catch (error) {
      if (!(error instanceof WrongKind) && !(error instanceof AnyqwenError && error.code === "template")) throw error;
      broken.add(where, error.message);
      continue;
    }
    for (const example of made) {
      const fitting = options.long === "cut" ? cut(example, options.length) : example;
      const reason = faultOf(fitting, options);
      if (reason === undefined) examples.push(fitting);
      else broken.add(where, reason);
    }
  }
  if (examples.length === 0) {
    const left =
      broken.left.length > 0 ? `; all ${broken.left.length} were left out, the first: ${broken.left[0].reason}` : "";
    throw new AnyqwenError("format", `${file.name}: there are no examples in it${left}`);
  }
  return { examples, broken: broken.left };
}

async function examplesOf(
  record: DataRecord,
  openText: () => Promise<ChatText | undefined>,
  options: DatasetOptions,
): Promise<TrainingExample[]> {
  const pair = record.kind === "preference" || (record.kind === "tokens" && record.example.rejected !== undefined);
  if (pair && !options.preferences) throw new WrongKind("a preference pair, which only method dpo learns from");
  if (!pair && options.preferences)
    throw new WrongKind('no preference pair, which method dpo learns from: {"prompt", "chosen", "rejected"}');
  if (record.kind === "tokens") return [record.example];
  const text = await openText();
  if (!text) {
    throw new AnyqwenError("unsupported", "the model has no tokenizer, so its data must be input_ids and labels");
  }
  if (record.kind === "preference") return [await pairExample(text, record, options)];
  return record.kind === "chat" ? chatExamples(text, record, options) : textExamples(text, record.text, options.length);
}

/** A record that the method has no use for. */
class WrongKind extends Error {}

async function pairExample(
  text: ChatText,
  { chosen, rejected, from, tools }: PreferenceRecord,
  options: DatasetOptions,
): Promise<TrainingExample> {
  const only = async (messages: readonly ChatMessage[]) => {
    const made = await chatExamples(text, { messages, tools }, { ...options, allTokens: false, from });
    if (made.length === 1) return made[0];
    const why = "an answer of several turns with thoughts that the template drops from all but the last one";
    throw new WrongKind(`${why}; compare one turn, or give input_ids and labels`);
  };
  return { ...(await only(chosen)), rejected: await only(rejected) };
}

/** Every token of a text and of its end is learnt; special tokens that it spells are text. */
function textExamples({ tokenizer }: ChatText, text: string, length: number): TrainingExample[] {
  const end = tokenizer.idOf("<|endoftext|>");
  const ids = [...tokenizer.encode(text, "none"), ...(end === undefined ? [] : [end])];
  const examples: TrainingExample[] = [];
  for (let at = 0; at < ids.length; at += length) {
    const piece = ids.slice(at, at + length);
    // the end alone, behind a text that fills its pieces, says nothing
    if (piece.length > 1 || examples.length === 0) examples.push({ input_ids: piece, labels: piece });
  }
  return examples;
}

function cut({ rejected, ...example }: TrainingExample, length: number): TrainingExample {
  const shorter = { input_ids: example.input_ids.slice(0, length), labels: example.labels.slice(0, length) };
  return rejected ? { ...shorter, rejected: cut(rejected, length) } : shorter;
}

function faultOf(example: TrainingExample, options: DatasetOptions): string | undefined {
  return partsOf(example)
    .map((part) => faultOfPart(part, options))
    .find((fault) => fault !== undefined);
}

function faultOfPart(example: LabelledIds, { length, vocab }: DatasetOptions): string | undefined {
  const { input_ids: ids, labels } = example;
  if (ids.length > length)
    return `${ids.length} tokens, more than the ${length} of an example; take a greater length, or cut them (long: cut)`;
  const id = ids.find((each) => each < 0 || each >= vocab);
  if (id !== undefined) return `token id ${id} is outside the vocabulary of ${vocab}`;
  const label = labels.find((each) => each !== -100 && (each < 0 || each >= vocab));
  if (label !== undefined) return `label ${label} is neither -100 nor an id below ${vocab}`;
  return teaches(example)
    ? undefined
    : "no token behind the first one is supervised: there is nothing to learn from it";
}

/** Holds back every so many examples, chosen by the seed alone; both parts keep their order. */
export function splitExamples<Example>(
  examples: readonly Example[],
  fraction: number,
  seed: number,
): { readonly training: Example[]; readonly validation: Example[] } {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new AnyqwenError("invalid-argument", `the validation split is ${fraction}; expected 0 or more, below 1`);
  }
  const wanted = fraction === 0 ? 0 : Math.max(1, Math.round(fraction * examples.length));
  if (wanted >= examples.length && wanted > 0) {
    throw new AnyqwenError(
      "invalid-argument",
      `${examples.length} examples are too few to hold back ${fraction} of them`,
    );
  }
  const held = new Set(permutation(examples.length, seed, splitStream).subarray(0, wanted));
  const part = (inside: boolean) => examples.filter((_, i) => held.has(i) === inside);
  return { training: part(false), validation: part(true) };
}
