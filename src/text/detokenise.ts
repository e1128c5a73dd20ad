// Ids back to text. Tokens are bytes, and a character may span several of them: the stream holds back what may still become a
// character and gives U+FFFD for each maximal invalid part, as the Unicode Standard (section 3.9, table 3-8) and TextDecoder do.

/** Writes an id's bytes into `into.bytes` at `into.length`. */
export type AppendToken = (id: number, into: ByteBuffer) => void;

export class ByteBuffer {
  bytes = new Uint8Array(256);
  length = 0;

  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function decodeBytes(buffer: ByteBuffer): string {
  return decoder.decode(buffer.bytes.subarray(0, buffer.length));
}

export class TokenStream {
  readonly #append: AppendToken;
  readonly #pending = new ByteBuffer();

  constructor(append: AppendToken) {
    this.#append = append;
  }

  /** The text that became certain with this id. */
  push(id: number): string {
    const pending = this.#pending;
    this.#append(id, pending);
    const complete = pending.length - incompleteTail(pending.bytes, pending.length);
    if (complete === 0) return "";
    const text = decoder.decode(pending.bytes.subarray(0, complete));
    pending.bytes.copyWithin(0, complete, pending.length);
    pending.length -= complete;
    return text;
  }

  /** What is left: U+FFFD for a character that never ended, else nothing. */
  end(): string {
    const text = decodeBytes(this.#pending);
    this.#pending.length = 0;
    return text;
  }
}

/** Bytes at the end that are the beginning of a character: 0 to 3. */
function incompleteTail(bytes: Uint8Array, length: number): number {
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back];
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const size = byte >= 0xf0 ? (byte <= 0xf4 ? 4 : 0) : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    if (back >= size) return 0;
    return back === 1 || secondByteFits(byte, bytes[length - back + 1]) ? back : 0;
  }
  return 0;
}

/** Excludes overlong forms and what lies beyond U+10FFFF. Encoded surrogates are known at the second byte too, but decoders that
 *  can pass them through wait for the third, and so do we. */
function secondByteFits(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second < 0x90;
  return true;
}
