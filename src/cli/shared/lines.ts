// Lines from a person: editing and history by readline where there is a terminal, plain lines otherwise. Several lines make
// one message when they are pasted at once, when one ends in a backslash, or between two lines of """.

import { createInterface, type Interface } from "node:readline";

type Typed =
  | { readonly kind: "text"; readonly text: string }
  /** Ctrl-C; `hadText` if it cleared something. */
  | { readonly kind: "interrupt"; readonly hadText: boolean }
  /** Ctrl-D, or the end of a pipe. */
  | { readonly kind: "end" };

/** Lines that come within this time of each other were pasted. */
const pasteMs = 25;

/** Puts lines together to messages; no clock and no terminal in here. */
export class MessageBuilder {
  #lines: string[] = [];
  #quoted = false;

  /** Whether a further line belongs to the message. */
  get open(): boolean {
    return this.#quoted || (this.#lines.at(-1)?.endsWith("\\") ?? false);
  }

  get empty(): boolean {
    return this.#lines.length === 0 && !this.#quoted;
  }

  add(line: string): void {
    const trimmed = line.trim();
    if (this.#quoted) {
      if (trimmed.endsWith('"""')) {
        this.#quoted = false;
        const rest = line.trimEnd().slice(0, -3);
        if (rest !== "") this.#lines.push(rest);
      } else this.#lines.push(line);
    } else if (this.#lines.length === 0 && trimmed.startsWith('"""')) {
      const rest = line.trimStart().slice(3);
      this.#quoted = true;
      if (rest.trimEnd().endsWith('"""')) this.add(rest);
      else if (rest !== "") this.#lines.push(rest);
    } else {
      if (this.#lines.at(-1)?.endsWith("\\")) this.#lines.push(this.#lines.pop()?.slice(0, -1) ?? "");
      this.#lines.push(line);
    }
  }

  /** The message so far; begins a new one. */
  take(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    this.#quoted = false;
    return text;
  }
}

export interface Lines {
  /** The next message. The terminal belongs to readline only meanwhile, so that Ctrl-C is a signal at other times. */
  next(prompt: string): Promise<Typed>;
}

export function terminalLines(history: string[], complete: (line: string) => string[]): Lines {
  return {
    next: (prompt) =>
      new Promise((resolve) => {
        const builder = new MessageBuilder();
        let timer: NodeJS.Timeout | undefined;
        const readline = createInterface({
          input: process.stdin,
          output: process.stdout,
          prompt,
          history: [...history],
          historySize: 500,
          removeHistoryDuplicates: true,
          completer: (line: string): [string[], string] => [complete(line), line],
        });
        const done = (typed: Typed) => {
          clearTimeout(timer);
          settled = true;
          readline.close();
          resolve(typed);
        };
        let settled = false;
        readline.on("history", (entries: string[]) => history.splice(0, history.length, ...entries));
        readline.on("line", (line) => {
          builder.add(line);
          clearTimeout(timer);
          if (builder.open) {
            readline.setPrompt("… ");
            readline.prompt();
          } else timer = setTimeout(() => done({ kind: "text", text: builder.take() }), pasteMs);
        });
        readline.on("SIGINT", () => {
          const hadText = readline.line !== "" || !builder.empty;
          process.stdout.write("\n");
          done({ kind: "interrupt", hadText });
        });
        readline.on("close", () => {
          if (!settled) done({ kind: "end" });
        });
        readline.prompt();
      }),
  };
}

/** Lines of a pipe, one message at a time, without a prompt. */
export function pipedLines(input: NodeJS.ReadableStream): Lines {
  const readline: Interface = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const iterator = readline[Symbol.asyncIterator]();
  return {
    async next() {
      const builder = new MessageBuilder();
      do {
        const { done, value } = await iterator.next();
        if (done) return builder.empty ? { kind: "end" } : { kind: "text", text: builder.take() };
        builder.add(value);
      } while (builder.open);
      return { kind: "text", text: builder.take() };
    },
  };
}
