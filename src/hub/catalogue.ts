// Short names: family:size to repository. The repositories are Qwen's own on the Hugging Face Hub wherever Qwen publishes
// GGUF files; where it does not, unsloth's conversions (Qwen3.5, the 2507 and Coder releases of Qwen3), or Qwen's
// safetensors (Math, the rerankers: community GGUFs of these differ in how they keep the score head).
// A second repository is asked only for a quantisation that the first does not hold (Qwen publishes its two smallest
// Qwen3 as Q8_0 only). ModelScope has the repositories of Qwen under the same names.

export interface CatalogueEntry {
  /** In order of preference. */
  readonly repos: readonly string[];
}

type Sizes = Readonly<Record<string, string | readonly string[]>>;

const instruct = (family: string, ...sizes: string[]): Sizes =>
  Object.fromEntries(sizes.map((size) => [size.toLowerCase(), `Qwen/${family}-${size}-Instruct-GGUF`]));

const families: Readonly<Record<string, Sizes>> = {
  qwen2: { ...instruct("Qwen2", "0.5B", "1.5B", "7B", "72B"), "57b-a14b": "Qwen/Qwen2-57B-A14B-Instruct-GGUF" },
  "qwen2.5": instruct("Qwen2.5", "0.5B", "1.5B", "3B", "7B", "14B", "32B", "72B"),
  "qwen2.5-coder": instruct("Qwen2.5-Coder", "0.5B", "1.5B", "3B", "7B", "14B", "32B"),
  "qwen2.5-math": {
    "1.5b": "Qwen/Qwen2.5-Math-1.5B-Instruct",
    "7b": "Qwen/Qwen2.5-Math-7B-Instruct",
    "72b": "Qwen/Qwen2.5-Math-72B-Instruct",
  },
  qwq: { "32b": "Qwen/QwQ-32B-GGUF" },
  qwen3: {
    "0.6b": ["Qwen/Qwen3-0.6B-GGUF", "unsloth/Qwen3-0.6B-GGUF"],
    "1.7b": ["Qwen/Qwen3-1.7B-GGUF", "unsloth/Qwen3-1.7B-GGUF"],
    "4b": "Qwen/Qwen3-4B-GGUF",
    "4b-instruct": "unsloth/Qwen3-4B-Instruct-2507-GGUF",
    "4b-thinking": "unsloth/Qwen3-4B-Thinking-2507-GGUF",
    "8b": "Qwen/Qwen3-8B-GGUF",
    "14b": "Qwen/Qwen3-14B-GGUF",
    "32b": "Qwen/Qwen3-32B-GGUF",
    "30b-a3b": "Qwen/Qwen3-30B-A3B-GGUF",
    "235b-a22b": "Qwen/Qwen3-235B-A22B-GGUF",
  },
  "qwen3-coder": { "30b-a3b": "unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF" },
  "qwen3-embedding": {
    "0.6b": "Qwen/Qwen3-Embedding-0.6B-GGUF",
    "4b": "Qwen/Qwen3-Embedding-4B-GGUF",
    "8b": "Qwen/Qwen3-Embedding-8B-GGUF",
  },
  "qwen3-reranker": {
    "0.6b": "Qwen/Qwen3-Reranker-0.6B",
    "4b": "Qwen/Qwen3-Reranker-4B",
    "8b": "Qwen/Qwen3-Reranker-8B",
  },
  "qwen3.5": {
    "0.8b": "unsloth/Qwen3.5-0.8B-GGUF",
    "2b": "unsloth/Qwen3.5-2B-GGUF",
    "4b": "unsloth/Qwen3.5-4B-GGUF",
    "9b": "unsloth/Qwen3.5-9B-GGUF",
    "27b": "unsloth/Qwen3.5-27B-GGUF",
    "35b-a3b": "unsloth/Qwen3.5-35B-A3B-GGUF",
    "122b-a10b": "unsloth/Qwen3.5-122B-A10B-GGUF",
    "397b-a17b": "unsloth/Qwen3.5-397B-A17B-GGUF",
  },
};

/** "family:size" to where it is. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  Object.entries(families).flatMap(([family, sizes]) =>
    Object.entries(sizes).map(([size, repos]): [string, CatalogueEntry] => [
      `${family}:${size}`,
      { repos: typeof repos === "string" ? [repos] : repos },
    ]),
  ),
);

/**
 * About how many bytes a pull of a short name brings, from the weights that its size stands for: a Q4_K_M file has 0.6 bytes a weight
 * beside what its embeddings take in more, Q8_0 (where a second repository has the smaller ones) 1.06, safetensors 2.
 */
export function aboutBytes(name: string): number {
  const weights = Number(/:(\d+(?:\.\d+)?)b/.exec(name)?.[1] ?? 0) * 1e9;
  const repos = catalogue.get(name)?.repos ?? [];
  if (repos.length > 1) return weights * 1.06;
  return repos[0]?.endsWith("-GGUF") ? weights * 0.6 + 0.15e9 : weights * 2;
}

/** The short name of a repository, if it has one. */
export function shortNameOf(repo: string): string | undefined {
  for (const [name, entry] of catalogue) if (entry.repos.includes(repo)) return name;
  return undefined;
}

/** Short names that look most like `text`, for "did you mean". */
export function nearestNames(text: string, count = 3): string[] {
  const wanted = text.toLowerCase();
  return [...catalogue.keys()]
    .map((name) => ({ name, distance: editDistance(wanted, name) - (name.startsWith(wanted) ? wanted.length : 0) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= Math.min(a.length, 64); i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
