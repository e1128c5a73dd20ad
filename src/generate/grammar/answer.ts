// A whole answer: thoughts first where the model thinks, then a text, a document in the wanted format, or tool calls.

import { AnyqwenError } from "../../core/errors.ts";
import { ANY, utf8 } from "./code-points.ts";
import { CompiledGrammar } from "./compiled.ts";
import { formatNode, type OutputFormat } from "./format.ts";
import { GrammarBuilder, MANY, type NodeId } from "./nodes.ts";
import { asText } from "./pattern-nodes.ts";
import { literalPattern } from "./regex.ts";
import { none, setNode, stringSet } from "./string-sets.ts";
import { type CallStyle, callNode, type GrammarTool } from "./tool-call.ts";
import { type GrammarVocabulary, type Markup, markupSymbol } from "./vocabulary.ts";

export interface AnswerShape {
  /** Absent: any text. */
  readonly format?: OutputFormat;
  /** The prompt has opened <think> already, or the model may open it. */
  readonly thinking?: "open" | "possible";
  readonly calls?: CallShape;
}

export interface CallShape {
  readonly style: CallStyle;
  readonly tools: readonly GrammarTool[];
  /** Besides the text or in its place; in its place; not at all. */
  readonly choice: "auto" | "required" | "none";
  readonly parallel: boolean;
}

const MOST_CALLS = 64;

export function compileAnswer(shape: AnswerShape, vocabulary: GrammarVocabulary): CompiledGrammar {
  const grammar = new GrammarBuilder();
  try {
    return new CompiledGrammar(grammar.finish(answerNode(grammar, shape, vocabulary)), vocabulary);
  } catch (error) {
    // Nesting is bounded, but how much of it fits on the stack is the machine's affair.
    if (!(error instanceof RangeError)) throw error;
    throw new AnyqwenError("invalid-argument", "format: it nests too deep; make it simpler", { cause: error });
  }
}

function answerNode(grammar: GrammarBuilder, shape: AnswerShape, vocabulary: GrammarVocabulary): NodeId {
  const markup = (name: Markup): NodeId =>
    vocabulary.knows(name) ? grammar.literal([markupSymbol(name)]) : grammar.text(name);
  const answer = bodyNode(grammar, shape, markup);
  if (!shape.thinking) return answer;
  const thoughts = grammar.sequence(
    grammar.repeat(utf8(grammar, ANY), 0),
    markup("</think>"),
    grammar.repeat(grammar.text("\n"), 0, 2),
  );
  if (shape.thinking === "open") return grammar.sequence(thoughts, answer);
  return grammar.sequence(grammar.optional(grammar.sequence(markup("<think>"), thoughts)), answer);
}

function bodyNode(grammar: GrammarBuilder, { format, calls }: AnswerShape, markup: (name: Markup) => NodeId): NodeId {
  const document = format && formatNode(grammar, format);
  if (!calls) return document ?? grammar.repeat(utf8(grammar, ANY), 0);
  const text = document ?? textWithoutCalls(grammar, markup("<tool_call>") === grammar.text("<tool_call>"));
  if (calls.choice === "none") return text;
  const call = callNode(grammar, calls.style, calls.tools, {
    open: grammar.sequence(markup("<tool_call>"), grammar.text("\n")),
    close: grammar.sequence(grammar.text("\n"), markup("</tool_call>")),
  });
  const list = grammar.separated(call, grammar.text("\n"), 1, calls.parallel ? MOST_CALLS : 1);
  if (calls.choice === "required") return list;
  return document === undefined ? grammar.sequence(text, grammar.optional(list)) : grammar.choice(document, list);
}

/** Text that no reader takes for a call: tags of calls cannot be spelled out, since only their tokens begin one here. */
function textWithoutCalls(grammar: GrammarBuilder, spelled: boolean): NodeId {
  const tags = ["<function=", ...(spelled ? ["<tool_call>"] : [])];
  const without = none(
    stringSet({
      kind: "choice",
      items: tags.map((tag) => ({ kind: "sequence", items: [anything, literalPattern(tag), anything] })),
    }),
  );
  return setNode(grammar, without, asText(grammar));
}

const anything = { kind: "repeat", body: { kind: "characters", set: ANY }, least: 0, most: MANY } as const;
