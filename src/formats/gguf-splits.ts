// Names of split GGUF files: model-00002-of-00003.gguf. Source: llama.cpp's gguf-split.

const pattern = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

export interface Split {
  readonly prefix: string;
  /** Counted from 1. */
  readonly number: number;
  readonly count: number;
}

export function parseSplit(file: string): Split | undefined {
  const match = pattern.exec(file);
  if (!match) return undefined;
  const split = { prefix: match[1], number: Number(match[2]), count: Number(match[3]) };
  return split.number >= 1 && split.number <= split.count ? split : undefined;
}

/** All files that belong to `file`: itself, or every split in order. */
export function splitFiles(file: string): string[] {
  const split = parseSplit(file);
  if (!split) return [file];
  const count = String(split.count).padStart(5, "0");
  return Array.from(
    { length: split.count },
    (_, i) => `${split.prefix}-${String(i + 1).padStart(5, "0")}-of-${count}.gguf`,
  );
}
