// A server on a port, in Node (and in Bun and Deno, which know Node's HTTP).

import type { IncomingMessage, ServerResponse } from "node:http";
import { AnyqwenError } from "../core/errors.ts";
import type { Server } from "./index.ts";

export interface Listening {
  readonly url: string;
  /**
   * Takes no new connection, lets answers under way end, and closes the others, those that never asked anything included. A request
   * that does not come whole within two seconds is dropped.
   */
  close(): Promise<void>;
}

/** How long the rest of a request is waited for when the server closes. */
const REST_OF_REQUEST_MS = 2000;

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
    const underWay = new Set<IncomingMessage>();
    let closing = false;
    const closeUnused = () => {
      if (!("closeAllConnections" in http)) return;
      if (underWay.size === 0) http.closeAllConnections();
      else http.closeIdleConnections();
    };
    http.on("request", (request: IncomingMessage, response: ServerResponse) => {
      underWay.add(request);
      response.once("close", () => {
        underWay.delete(request);
        if (closing) closeUnused();
      });
    });
    const close = () =>
      new Promise<void>((done) => {
        closing = true;
        const drop = setTimeout(() => {
          for (const request of underWay) if (!request.complete) request.socket.destroy();
        }, REST_OF_REQUEST_MS);
        http.close(() => {
          clearTimeout(drop);
          done();
        });
        closeUnused();
      });
  });
}
