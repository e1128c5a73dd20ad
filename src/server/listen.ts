// A server on a port, in Node (and in Bun and Deno, which know Node's HTTP).

import type { IncomingMessage, ServerResponse } from "node:http";
import { AnyqwenError } from "../core/errors.ts";
import type { Server } from "./index.ts";

export interface Listening {
  readonly url: string;
  /** No new connection; open ones end when their answer has. A request that does not come whole within two seconds is dropped. */
  close(): Promise<void>;
}

/** How long the rest of a request is waited for when the server closes. */
const REST_OF_REQUEST_MS = 2000;

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
    const underWay = new Set<IncomingMessage>();
    http.on("request", (request: IncomingMessage, response: ServerResponse) => {
      underWay.add(request);
      response.once("close", () => underWay.delete(request));
    });
    const close = () =>
      new Promise<void>((done) => {
        const drop = setTimeout(() => {
          for (const request of underWay) if (!request.complete) request.socket.destroy();
        }, REST_OF_REQUEST_MS);
        http.close(() => {
          clearTimeout(drop);
          done();
        });
        if ("closeIdleConnections" in http) http.closeIdleConnections();
      });
  });
}
