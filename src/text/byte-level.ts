// The byte-level alphabet of GPT-2's BPE: vocabularies spell each byte as one printable character, so that a token is plain text.
// Printable Latin-1 bytes stand for themselves; the others take U+0100 upwards, in order.

/** Characters by byte. */
export const byteCharacters: readonly string[] = makeAlphabet();

/** Bytes by character code, -1 where the alphabet has none. All its characters lie below 0x144. */
const bytesByCode = makeInverse();

function makeAlphabet(): string[] {
  const characters: string[] = [];
  let spare = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    characters.push(String.fromCharCode(printable ? byte : spare++));
  }
  return characters;
}

function makeInverse(): Int16Array {
  const inverse = new Int16Array(0x144).fill(-1);
  for (let byte = 0; byte < 256; byte++) inverse[byteCharacters[byte].charCodeAt(0)] = byte;
  return inverse;
}

/** The byte that a character of the alphabet stands for; -1 for other characters. */
export function byteOf(code: number): number {
  return code < bytesByCode.length ? bytesByCode[code] : -1;
}

/** The bytes a token's spelling stands for; a spelling outside the alphabet stands for its own UTF-8. */
export function spelledBytes(spelling: string): Uint8Array {
  const bytes = new Uint8Array(spelling.length);
  for (let i = 0; i < spelling.length; i++) {
    const byte = byteOf(spelling.charCodeAt(i));
    if (byte < 0) return new TextEncoder().encode(spelling);
    bytes[i] = byte;
  }
  return bytes;
}
