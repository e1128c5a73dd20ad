// An answer of the server that comes as events.

import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";
import { BrokenStream } from "./problem.ts";
import { errorOf } from "./server.ts";

/** Fails with what the server said, if it refused. */
export async function readEvents(response: Response): Promise<ReadableStreamDefaultReader<EventSourceMessage>> {
  if (!response.ok) throw await errorOf(response);
  if (!response.body) throw new BrokenStream();
  return response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
}
