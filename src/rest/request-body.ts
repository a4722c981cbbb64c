import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Context } from 'hono';
import { readToEnd } from '../blobs/read-to-end.ts';
import { UploadError } from '../blobs/upload-error.ts';

const unpackable = ['gzip', 'x-gzip'];

/**
 * Gives the body of a request as it comes, packed or not. When its reader has enough, the rest is read and dropped, up
 * to twice the limit, so that the answer reaches whoever still sends.
 *
 * @param maxBytes the most that the headers may announce
 * @throws {UploadError} when there is none, it announces more than `maxBytes`, or it breaks off
 */
export function sentBody(c: Context, maxBytes: number): AsyncIterable<Uint8Array> {
  const { raw } = c.req;
  if (raw.body === null) throw new UploadError('MALFORMED', 'The body is empty.');
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  // The fetch API's types do not say yet that streams of bytes can be iterated.
  const sent = raw.body as unknown as AsyncIterable<Uint8Array>;
  return untilBroken(readToEnd(sent, 2 * maxBytes));
}

/**
 * Gives the body as it was before `Content-Encoding`.
 *
 * @throws {UploadError} when it is packed in a way that is not known, or is not what its header says
 */
export function unpacked(c: Context, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return encodingOf(c) === null ? body : inflated(body);
}

/**
 * Says how the body is packed; null when it is not.
 *
 * @throws {UploadError} when it is packed in a way that is not known
 */
export function encodingOf(c: Context): string | null {
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return null;
  if (unpackable.includes(encoding)) return encoding;
  throw new UploadError(
    'MALFORMED',
    `Content-Encoding ${encoding} is not taken: send gzip, or the body as it is.`,
  );
}

export function tooLarge(maxBytes: number): UploadError {
  return new UploadError('TOO_LARGE', `The body is larger than ${String(maxBytes)} bytes.`);
}

/** A client that hangs up has sent a bad request, not met a bug of ours. */
async function* untilBroken(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (cause) {
    throw new UploadError('MALFORMED', 'The body broke off.', { cause });
  }
}

async function* inflated(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    // What goes wrong on the way comes out of the last stream.
    yield* pipeline(Readable.from(body), createGunzip(), () => undefined);
  } catch (cause) {
    if (cause instanceof UploadError) throw cause;
    const message = 'The body is not gzip, as its Content-Encoding says, or ends too early.';
    throw new UploadError('MALFORMED', message, { cause });
  }
}
