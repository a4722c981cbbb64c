/**
 * Gives a body as it comes. When its reader has enough, the rest is read and dropped: an answer in the middle of a body
 * reaches nobody. After `maxBytes` in all, the body is cut off instead.
 */
export async function* readToEnd(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  const read = { sizeBytes: 0, isOpen: true };

  async function next(): Promise<Uint8Array | undefined> {
    read.isOpen = false; // stays so when it breaks
    const chunk = await chunks.next();
    if (chunk.done === true) return undefined;
    read.isOpen = true;
    read.sizeBytes += chunk.value.byteLength;
    return chunk.value;
  }

  try {
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
  } finally {
    while (read.isOpen && read.sizeBytes < maxBytes) await next();
    if (read.isOpen) await chunks.return?.();
  }
}
