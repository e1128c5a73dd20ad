// A question that a person answers with yes or no; no is what anything else means.

import { createInterface } from "node:readline";
import { AnyqwenError } from "../../core/errors.ts";

/** Asks on the terminal; Ctrl-C fails with aborted, Ctrl-D is a no. */
export function confirmed(question: string): Promise<boolean> {
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    ask.on("SIGINT", () => {
      process.stderr.write("\n");
      reject(new AnyqwenError("aborted", "interrupted"));
      ask.close();
    });
    ask.on("close", () => resolve(false)); // Ctrl-D
    ask.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      ask.close();
    });
  });
}
