import { readFile } from 'node:fs/promises';
import type { Context } from 'hono';
import pLimit from 'p-limit';
import { createByteBuffer } from '../blobs/byte-buffer.ts';
import type { Spool, SpooledFile } from '../blobs/spool.ts';
import { UploadError } from '../blobs/upload-error.ts';
import { ValidationError } from '../errors.ts';
import { createValueCounter } from './json-values.ts';
import { sentBody, tooLarge, unpacked } from './request-body.ts';

/** The most bytes of JSON, unpacked; logs and files of reports may be larger. */
const maxJsonBytes = 64 * 1024 * 1024;

/** A body of up to this size is read to its end before it is refused: else its sender meets a closed connection. */
const heardOutBytes = 4 * maxJsonBytes;

/** 200,000 findings of a dozen fields. Each value costs up to a hundred bytes of memory, and again in each copy. */
const maxJsonValues = 3_000_000;

/** What is larger is not in memory while it arrives or waits. */
const largeBytes = 1024 * 1024;
const largeAtOnce = 2;
const pieceBytes = 64 * 1024;

/**
 * Gives what is done with the body as JSON, whatever its content type says. Bytes that are no UTF-8 become U+FFFD.
 *
 * @throws {UploadError} when it is too large, breaks off, or is packed in a way that is not known
 * @throws {ValidationError} when it is no JSON
 */
export type JsonReader = <Result>(
  c: Context,
  use: (json: unknown) => Promise<Result>,
) => Promise<Result>;

/** Makes a reader that has few large bodies in memory at once; the others wait on disk until those are done with. */
export function createJsonReader(spool: Spool): JsonReader {
  const limit = pLimit(largeAtOnce);

  return async (c, use) => {
    const received = await receive(bounded(unpacked(c, sentBody(c, heardOutBytes))), spool);
    if (Buffer.isBuffer(received)) return use(parse(received));
    try {
      return await limit(async () => use(parse(await readFile(received.path))));
    } finally {
      await received.remove();
    }
  };
}

/** Gives a small body itself. */
async function receive(
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
  spool: Spool,
): Promise<Buffer | SpooledFile> {
  const start = createByteBuffer();
  // By hand: leaving a `for await` would end the body.
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
    start.add(piece.value);
    if (start.sizeBytes() <= largeBytes) continue;
    const whole = chained(start.take(), pieces);
    return spool.receive(whole, { name: 'body.json', maxBytes: maxJsonBytes });
  }
  return start.take();
}

async function* chained(
  start: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield start;
  yield* rest;
}

/** Gives the body in pieces of a fair size, as long as it keeps the limits. */
async function* bounded(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const piece = createByteBuffer();
  const valuesIn = createValueCounter();
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxJsonBytes) throw tooLarge(maxJsonBytes);
    if (valuesIn(chunk) > maxJsonValues) {
      const message = `The body holds more than ${String(maxJsonValues)} JSON values.`;
      throw new UploadError('TOO_LARGE', message);
    }
    piece.add(chunk);
    if (piece.sizeBytes() >= pieceBytes) yield piece.take();
  }
  yield piece.take();
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ValidationError([{ path: ['body'], message: 'is not JSON' }]);
  }
}
