// Server-sent events from an async iterator. The reader's pace is the stream's: what a slow client does not take is not made into
// bytes, and one that leaves ends the iterator, and with it the answer.

export interface ServerEvent {
  readonly event?: string;
  /** Sent as JSON; a string as it is. */
  readonly data: unknown;
}

const encoder = new TextEncoder();

function encode({ event, data }: ServerEvent): Uint8Array {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return encoder.encode(`${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`);
}

/**
 * Answers with the events of `source`. The first one is waited for, so that what fails before it fails with a status; what fails
 * later becomes the event that `onError` makes of it. `leave` is called when the reader goes: the source may be waiting, and then
 * nothing but its own signal ends it.
 */
export async function eventStream(
  source: AsyncGenerator<ServerEvent, void>,
  onError: (error: unknown) => ServerEvent,
  leave: () => void,
): Promise<Response> {
  const first = await source.next();
  let gone = false;
  let pending: IteratorResult<ServerEvent, void> | undefined = first;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = pending ?? (await source.next());
        pending = undefined;
        if (gone) return;
        if (next.done) controller.close();
        else controller.enqueue(encode(next.value));
      } catch (error) {
        if (gone) return;
        controller.enqueue(encode(onError(error)));
        controller.close();
      }
    },
    cancel() {
      gone = true;
      leave();
      void source.return().catch(() => {});
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    },
  });
}
