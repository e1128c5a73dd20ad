// What the server promises of an answer, whatever was asked: a status of which each has its meaning, a reason at the end of a stream,
// an error in OpenAI's form. Each function returns in a few words what came, to be counted, and throws Wrong when it is none of that.

import { send } from "./http.mjs";

/** An answer that breaks a promise of docs/server.md. */
export class Wrong extends Error {
  name = "Wrong";
}

export function parsed(text, what) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Wrong(`${what}: not JSON: ${text.slice(0, 200)}`);
  }
}

const shown = ({ path }, { status, text }) => `${path}: ${status} ${text.slice(0, 300)}`;
const ask = (at, request) => send(at.url, { agent: at.agent, headers: at.headers, ...request });

/** Whoever left has no answer; 429 and 503 are answers too, if they say when to come again. */
function withoutAnswer(request, answer) {
  if (answer.left) return "left";
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  if (!(Number(answer.headers["retry-after"]) > 0)) throw new Wrong(`no Retry-After: ${shown(request, answer)}`);
  return String(answer.status);
}

/** An answer in one piece; `check` may look into it and add a word. */
export async function whole(at, request, check) {
  const answer = await ask(at, request);
  const without = withoutAnswer(request, answer);
  if (without) return without;
  if (answer.status !== 200) throw new Wrong(shown(request, answer));
  return `200 ${check(parsed(answer.text, request.path)) ?? ""}`.trim();
}

/** A stream ends with its reason, which `reasonOf` finds among its events, or with an error that says one. */
export async function streamed(at, request, reasonOf) {
  const answer = await ask(at, request);
  const without = withoutAnswer(request, answer);
  if (without) return without;
  if (answer.status !== 200) throw new Wrong(shown(request, answer));
  const events = answer.text
    .split("\n\n")
    .flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? [])
    .map((data) => (data === "[DONE]" ? data : parsed(data, `an event of ${request.path}`)));
  const failed = events.find((event) => event.error)?.error;
  if (failed) return `200, then ${failed.code ?? failed.type}`;
  const reason = reasonOf(events);
  if (reason) return `200 ${reason}`;
  throw new Wrong(`${request.path}: a stream that ends without a reason: …${answer.text.slice(-300)}`);
}

/** Refused with this status, in OpenAI's form. What waits its turn before it is looked at may find the queue full. */
export async function refused(at, request, status) {
  const answer = await ask(at, request);
  const without = status === 400 && withoutAnswer(request, answer);
  if (without) return without;
  if (answer.status !== status) throw new Wrong(`expected ${status}: ${shown(request, answer)}`);
  if (typeof parsed(answer.text, request.path).error?.message !== "string")
    throw new Wrong(`no message: ${shown(request, answer)}`);
  return String(status);
}

export async function plain(at, request) {
  const answer = await ask(at, request);
  if (answer.status !== 200) throw new Wrong(shown(request, answer));
  return "200";
}
