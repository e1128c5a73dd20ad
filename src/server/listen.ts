// A server on a port, in Node (and in Bun and Deno, which know Node's HTTP).

import type { IncomingMessage, ServerResponse } from "node:http";
import { AnyqwenError } from "../core/errors.ts";
import type { Server } from "./index.ts";

export interface Listening {
  readonly url: string;
  /** Takes no new connection, lets answers under way end, and closes the others, those that never asked anything included. */
  close(): Promise<void>;
}

/** `server.fetch` may be changed while it listens. */
export async function listen(server: Pick<Server, "fetch">, { host = "127.0.0.1", port = 0 } = {}): Promise<Listening> {
  const { serve } = await import("@hono/node-server");
  return new Promise((resolve, reject) => {
    const fetch = (request: Request, bindings: object) => server.fetch(request, bindings);
    const http = serve({ fetch, hostname: host, port }, (address) => {
      const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
      resolve({ url: `http://${name}:${address.port}`, close });
    });
    http.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken ? new AnyqwenError("io", `port ${port} is taken at ${host}; take another one`, { cause: error }) : error,
      );
    });
    let answering = 0;
    let closing = false;
    const closeUnused = () => {
      if (!("closeAllConnections" in http)) return;
      if (answering === 0) http.closeAllConnections();
      else http.closeIdleConnections();
    };
    http.on("request", (_request: IncomingMessage, response: ServerResponse) => {
      answering++;
      response.once("close", () => {
        answering--;
        if (closing) closeUnused();
      });
    });
    const close = () =>
      new Promise<void>((done) => {
        closing = true;
        http.close(() => done());
        closeUnused();
      });
  });
}
