// What every command module exports, and the pieces that all of them share: parsers of option values, examples in the help.

import { type Command, InvalidArgumentError } from "commander";

export interface CommandModule {
  /** Adds arguments, options, examples and the action to an empty command of this name. */
  define(command: Command): void;
}

/** A whole number of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`${JSON.stringify(text)} is not a whole number of at least ${least}.`);
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

/** Examples below the help: a line of what it does, then the command. */
export function examples(command: Command, ...pairs: readonly (readonly [what: string, line: string])[]): void {
  const lines = pairs.map(([what, line]) => `  # ${what}\n  $ anyqwen ${line}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n\n")}`);
}
