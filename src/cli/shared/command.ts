// What every command module exports, and the pieces that all of them share: parsers of option values, examples in the help.

import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "./exit.ts";

export interface CommandModule {
  /** Adds arguments, options, examples and the action to an empty command of this name. */
  define(command: Command): void;
}

/** A whole number in [least, most]. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`${JSON.stringify(text)} is not a whole number ${range}.`);
    }
    return value;
  };
}

/** A number in [least, most]. */
export function decimal(least: number, most = Number.POSITIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value >= least && value <= most) || !Number.isFinite(value)) {
      const range = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`${JSON.stringify(text)} is not a number ${range}.`);
    }
    return value;
  };
}

/** An option that may be given several times. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

/**
 * Fails if a flag was given that would do nothing. `names`: how each flag is written; `because` says what leaves it without use.
 */
export function refuseIdle<Flags extends object>(
  flags: Flags,
  because: string,
  names: { readonly [Key in keyof Flags]?: string },
): void {
  const given = (Object.keys(names) as (keyof Flags)[]).filter((key) => flags[key] !== undefined);
  if (given.length === 0) return;
  const idle = given.map((key) => names[key]).join(" and ");
  throw new UsageError(`${because}, so ${idle} would do nothing; leave out one or the other`);
}

/** Examples below the help: a line of what it does, then the command. */
export function examples(command: Command, ...pairs: readonly (readonly [what: string, line: string])[]): void {
  const lines = pairs.map(([what, line]) => `  # ${what}\n  $ anyqwen ${line}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n\n")}`);
}
