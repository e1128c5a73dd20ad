// An async generator as a ReadableStream, since not every runtime has ReadableStream.from.

/** Reads as fast as the reader does. Whoever cancels the stream aborts `left`, which ends what the generator waits for. */
export function streamFrom<T>(items: AsyncGenerator<T, void>, left: AbortController): ReadableStream<T> {
  return new ReadableStream<T>({
    async pull(controller) {
      try {
        const next = await items.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        controller.error(error);
      }
    },
    cancel() {
      left.abort();
      // It may wait for a part just now; its end is nobody's concern.
      items.return().catch(() => {});
    },
  });
}
