/**
 * Gives the same chunks until the signal aborts; then throws its reason, even while the source keeps us waiting.
 * The source is told to stop, and not waited for: one that hangs would never answer.
 */
export async function* abortable<Chunk>(
  source: AsyncIterable<Chunk>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Chunk, void, undefined> {
  if (signal == null) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = await nextUnlessAborted(iterator, signal);
      if (next.done === true) {
        isDone = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!isDone) iterator.return?.().catch(() => undefined);
  }
}

/** A listener a chunk: racing against one promise of the whole upload would keep a reaction for each chunk. */
function nextUnlessAborted<Chunk>(
  iterator: AsyncIterator<Chunk>,
  signal: AbortSignal,
): Promise<IteratorResult<Chunk>> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error); // an Error unless whoever aborts says otherwise
    };
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener('abort', stop);
      });
  });
}
