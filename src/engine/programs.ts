// The programs of one model: one is enough as long as all ask for the same outputs. Two hold two copies of the weights, so a second
// one stays only while requests at the same time, or open sessions, need both.

import { AnyqwenError } from "../core/errors.ts";
import type { Outputs } from "./inspect.ts";
import type { Program } from "./program.ts";

export class ProgramSet {
  /** The last used one comes last. */
  readonly #programs: Program[];
  readonly #load: (outputs: Outputs) => Promise<Program>;
  /** True while something outside of requests holds on to a program's sequences. */
  readonly #held: () => boolean;
  #underWay = 0;
  #loading: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(first: Program, load: (outputs: Outputs) => Promise<Program>, held: () => boolean) {
    this.#programs = [first];
    this.#load = load;
    this.#held = held;
  }

  get memoryBytes(): number {
    return this.#programs.reduce((sum, { executor }) => sum + executor.memoryBytes, 0);
  }

  /** Runs `work` on the program with these outputs; loads it if need be, in the place of one that nobody uses. */
  async use<T>(outputs: Outputs, work: (program: Program) => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work(this.#touch(outputs) ?? (await this.#open(outputs)));
    } finally {
      this.#underWay--;
      if (this.#underWay === 0 && !this.#held()) this.#unload(this.#programs.slice(0, -1));
    }
  }

  /** Changes all programs alike, those included that are being loaded just now. */
  change(work: (programs: readonly Program[]) => void): Promise<void> {
    const change = this.#loading.then(() => {
      if (this.#closed) throw closed();
      work(this.#programs);
    });
    this.#loading = change.catch(() => {});
    return change;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#loading;
    this.#unload([...this.#programs]);
  }

  #find(outputs: Outputs): Program | undefined {
    if (this.#closed) throw closed();
    return this.#programs.find((program) => gives(program.outputs, outputs));
  }

  #touch(outputs: Outputs): Program | undefined {
    const known = this.#find(outputs);
    if (known) this.#programs.push(...this.#programs.splice(this.#programs.indexOf(known), 1));
    return known;
  }

  #open(outputs: Outputs): Promise<Program> {
    const load = this.#loading.then(async () => {
      const meanwhile = this.#touch(outputs);
      if (meanwhile) return meanwhile;
      if (this.#underWay <= 1 && !this.#held()) this.#unload([...this.#programs]);
      const program = await this.#load(outputs);
      this.#programs.push(program);
      return program;
    });
    this.#loading = load.catch(() => {});
    return load;
  }

  #unload(programs: readonly Program[]): void {
    for (const program of programs) {
      this.#programs.splice(this.#programs.indexOf(program), 1);
      program.executor.dispose();
    }
  }
}

const closed = () => new AnyqwenError("aborted", "the model was closed");

/** Whoever has logits has what they are made of, and "hidden" has all. */
function gives(outputs: Outputs, wanted: Outputs): boolean {
  const order: readonly Outputs[] = ["embedding", "logits", "hidden"];
  return order.indexOf(outputs) >= order.indexOf(wanted);
}
