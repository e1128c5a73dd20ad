// Requests as clients of all manners send them: kept connections, readers that leave or doze, bodies that never end. What comes back is
// told as it was seen: a status and a text, or how the connection ended.

import { request } from "node:http";
import { connect } from "node:net";

/** The connection ended before the answer did. */
export class Broken extends Error {
  name = "Broken";
  /** `begun`: the status had come. */
  constructor(begun, cause) {
    super(`the connection broke off ${begun ? "in the middle of the answer" : "before the answer"}: ${cause}`, {
      cause,
    });
    this.begun = begun;
  }
}

/** How long an answer may take before it counts as lost, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Sends one request and reads its answer to the end. `leaveMs`: gives up after that time, whatever has come; `dozeMs`: stops reading
 * for that time once the answer has begun. Fails with Broken, or says { left: true }.
 */
export function send(url, { method = "POST", path, body, headers = {}, agent, leaveMs, dozeMs }) {
  return new Promise((resolve, reject) => {
    const bytes =
      body === undefined
        ? undefined
        : Buffer.isBuffer(body)
          ? body
          : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const asked = request(url, {
      method,
      path,
      agent,
      headers: {
        ...(bytes && { "content-type": "application/json", "content-length": bytes.length }),
        ...headers,
      },
    });
    let answer;
    let text = "";
    let over = false;
    const settle = (work) => {
      if (over) return;
      over = true;
      clearTimeout(lost);
      clearTimeout(leaving);
      work();
    };
    const broken = (cause) => settle(() => reject(new Broken(answer !== undefined, cause)));
    const leave = () => {
      settle(() => resolve({ left: true }));
      asked.destroy();
    };
    const lost = setTimeout(() => {
      settle(() => reject(new Error(`${method} ${path}: not answered after ${PATIENCE_MS / 1000} s`)));
      asked.destroy();
    }, PATIENCE_MS);
    const leaving = leaveMs === undefined ? undefined : setTimeout(leave, leaveMs);
    asked.on("error", (error) => broken(error.code ?? error.message));
    asked.on("response", (response) => {
      answer = response;
      response.setEncoding("utf8");
      response.on("data", (part) => {
        text += part;
        if (dozeMs === undefined || response.dozed) return;
        response.dozed = true;
        response.pause();
        setTimeout(() => response.resume(), dozeMs);
      });
      response.on("error", (error) => broken(error.code ?? error.message));
      response.on("end", () => settle(() => resolve({ status: response.statusCode, headers: response.headers, text })));
      response.on("close", () => broken("closed"));
    });
    asked.end(bytes);
  });
}

/** Begins a request whose body never comes whole, holds the connection for `holdMs`, and goes. */
export function sendHalf(url, { path, holdMs }) {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), url.hostname);
    const timer = setTimeout(() => socket.destroy(), holdMs);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"messages":[`,
    );
    socket.resume();
  });
}
