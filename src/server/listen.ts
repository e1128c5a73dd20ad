// A server on a port, in Node (and in Bun and Deno, which know Node's HTTP).

import { AnyqwenError } from "../core/errors.ts";
import type { Server } from "./index.ts";

export interface Listening {
  readonly url: string;
  /** No new connection; open ones end when their answer has. */
  close(): Promise<void>;
}

export async function listen(server: Pick<Server, "fetch">, { host = "127.0.0.1", port = 0 } = {}): Promise<Listening> {
  const { serve } = await import("@hono/node-server");
  return new Promise((resolve, reject) => {
    const http = serve({ fetch: server.fetch, hostname: host, port }, (address) => {
      const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
      resolve({ url: `http://${name}:${address.port}`, close });
    });
    http.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken ? new AnyqwenError("io", `port ${port} is taken at ${host}; take another one`, { cause: error }) : error,
      );
    });
    const close = () =>
      new Promise<void>((done) => {
        http.close(() => done());
        if ("closeIdleConnections" in http) http.closeIdleConnections();
      });
  });
}
