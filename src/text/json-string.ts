// A JSON string that is written piece by piece: the pieces together are what JSON.stringify makes of the whole text.

export class JsonStringWriter {
  readonly #write: (json: string) => void;
  /** The first half of a character whose second half may still come; alone it would be written as an escape. */
  #half = "";

  constructor(write: (json: string) => void) {
    this.#write = write;
    write('"');
  }

  push(text: string): void {
    const all = this.#half + text;
    const whole = /[\ud800-\udbff]$/.test(all) ? all.slice(0, -1) : all;
    this.#half = all.slice(whole.length);
    if (whole !== "") this.#write(JSON.stringify(whole).slice(1, -1));
  }

  end(): void {
    this.#write(JSON.stringify(this.#half).slice(1));
  }
}
