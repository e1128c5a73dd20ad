// Where bytes come from: a file, a Blob, an HTTP range, memory. Parsers and loaders see only this.

export interface ByteSource {
  /** What error messages call it: a path, a URL, a file name. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on; fails with code "format" if the source ends before. */
  read(offset: number, into: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The files of one model: a directory, a single GGUF with its splits, a set of Blobs or URLs. */
export interface FileSet {
  /** What error messages call it. */
  readonly name: string;
  /** File names, relative, with forward slashes. */
  readonly files: readonly string[];
  open(file: string): Promise<ByteSource>;
}
