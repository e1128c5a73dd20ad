export interface Served {
  /** http://127.0.0.1:port */
  readonly url: string;
  close(): Promise<void>;
}

/** `mounts`: an address that ends in "/" stands for a folder, any other for a file. */
export function serve(
  mounts: Readonly<Record<string, string>>,
  options?: { readonly isolated?: boolean },
): Promise<Served>;
