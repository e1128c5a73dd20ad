// Tokens as a trie of their symbols, in depth-first order: a walk over it is one loop over flat arrays, and what a grammar refuses is
// passed over with all that begins with it.

export class TokenTrie {
  /** Per node; node 0 is the root. */
  readonly symbol: Uint16Array;
  readonly depth: Uint16Array;
  /** The first node behind a node's subtree. */
  readonly end: Int32Array;
  /** The token that ends at a node, or -1; others with the same symbols follow in `twin`. */
  readonly token: Int32Array;
  readonly twin: ReadonlyMap<number, number>;
  readonly height: number;

  /** `symbols[starts[id], starts[id + 1])` spells a token; those of `ids` that have none are left out. */
  constructor(symbols: Uint16Array, starts: Int32Array, ids: Int32Array) {
    const sorted = ids.filter((id) => starts[id + 1] > starts[id]).sort((a, b) => compare(symbols, starts, a, b));
    const most = sorted.reduce((sum, id) => sum + starts[id + 1] - starts[id], 1);
    const symbol = new Uint16Array(most);
    const depth = new Uint16Array(most);
    const end = new Int32Array(most);
    const token = new Int32Array(most).fill(-1);
    const twin = new Map<number, number>();
    /** Nodes on the way to the token before. */
    const path = [0];
    let nodes = 1;
    let height = 0;
    for (const id of sorted) {
      const [from, to] = [starts[id], starts[id + 1]];
      let common = 0;
      while (common < path.length - 1 && common < to - from && symbol[path[common + 1]] === symbols[from + common])
        common++;
      while (path.length > common + 1) end[path.pop() as number] = nodes;
      for (let at = from + common; at < to; at++) {
        symbol[nodes] = symbols[at];
        depth[nodes] = path.length;
        path.push(nodes++);
      }
      height = Math.max(height, to - from);
      const node = path[path.length - 1];
      if (token[node] >= 0) twin.set(id, token[node]);
      token[node] = id;
    }
    for (const node of path) end[node] = nodes;
    this.symbol = symbol.slice(0, nodes);
    this.depth = depth.slice(0, nodes);
    this.end = end.slice(0, nodes);
    this.token = token.slice(0, nodes);
    this.twin = twin;
    this.height = height;
  }

  /** The node one symbol further, or -1. */
  child(node: number, symbol: number): number {
    const { end } = this;
    for (let at = node + 1; at < end[node]; at = end[at]) if (this.symbol[at] === symbol) return at;
    return -1;
  }
}

function compare(symbols: Uint16Array, starts: Int32Array, a: number, b: number): number {
  let i = starts[a];
  let j = starts[b];
  const [endOfA, endOfB] = [starts[a + 1], starts[b + 1]];
  for (; i < endOfA && j < endOfB; i++, j++) if (symbols[i] !== symbols[j]) return symbols[i] - symbols[j];
  return endOfA - i - (endOfB - j) || a - b;
}
