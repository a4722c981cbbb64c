/** Reads a stream of bytes by hand. An error of the source is thrown after the bytes before it were given. */
export interface ByteReader {
  /** Gives the next bytes without taking them; fewer than asked for when the stream ends or fails before. */
  peek(size: number): Promise<Buffer>;
  /** Takes the next bytes; fewer than asked for when the stream ends before. */
  read(size: number): Promise<Buffer>;
  /** Takes what is left. Stopping early does not close the source. */
  rest(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Lets the source go. */
  close(): Promise<void>;
}

/** Makes a reader; one reader a source. */
export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let failure: { readonly error: unknown } | undefined;

  /** The next chunk; undefined at the end, and at an error, which waits for its turn. */
  async function pull(): Promise<Uint8Array | undefined> {
    if (failure != null) return undefined;
    try {
      const next = await iterator.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      failure = { error };
      return undefined;
    }
  }

  async function peek(size: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [held];
    let length = held.length;
    while (length < size) {
      const chunk = await pull();
      if (chunk == null) break;
      chunks.push(chunk);
      length += chunk.byteLength;
    }
    if (chunks.length > 1) held = Buffer.concat(chunks);
    return held.subarray(0, size);
  }

  return {
    peek,
    async read(size) {
      const bytes = await peek(size);
      if (bytes.length < size && failure != null) throw failure.error;
      held = held.subarray(bytes.length);
      return bytes;
    },
    async *rest() {
      let chunk: Uint8Array | undefined = held;
      held = Buffer.alloc(0);
      while (chunk != null) {
        if (chunk.byteLength > 0) yield chunk;
        chunk = await pull();
      }
      if (failure != null) throw failure.error;
    },
    async close() {
      await iterator.return?.();
    },
  };
}
