import { createGunzip } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import type { Context } from 'hono';
import { readToEnd } from '../../blobs/read-to-end.ts';
import { receiveMultipart } from '../../blobs/receive-multipart.ts';
import type { Spool, SpooledFile } from '../../blobs/spool.ts';
import { UploadError } from '../../blobs/upload-error.ts';
import { maxUploadBytes } from '../../blobs/upload-limit.ts';

export interface Received {
  readonly fields: ReadonlyMap<string, string>;
  /** Whoever received them removes them. */
  readonly files: readonly SpooledFile[];
}

const unpackable = ['gzip', 'x-gzip'];

/**
 * Takes the body to disk: the files of a form, or the body itself as the one file. A packed one stays packed: readers
 * of uploads unpack what they find.
 *
 * @throws {UploadError} when it is too large, breaks off or is packed in a way that is not known
 */
export async function receiveFiles(c: Context, spool: Spool): Promise<Received> {
  const { raw } = c.req;
  if (raw.body === null)
    throw new UploadError('MALFORMED', 'The body is empty: send the report in it.');
  if (Number(c.req.header('content-length') ?? 0) > maxUploadBytes) {
    throw new UploadError(
      'TOO_LARGE',
      `The upload is larger than ${String(maxUploadBytes)} bytes.`,
    );
  }
  // The fetch API's types do not say yet that streams of bytes can be iterated.
  const sent = raw.body as unknown as AsyncIterable<Uint8Array>;
  const body = untilBroken(readToEnd(sent, 2 * maxUploadBytes));
  const contentType = c.req.header('content-type') ?? '';
  const encoding = encodingOf(c);
  if (/^multipart\/form-data\b/i.test(contentType)) {
    const form = encoding === null ? body : inflated(body);
    const received = await receiveMultipart(form, contentType, spool, { maxBytes: maxUploadBytes });
    return { fields: received.fields, files: received.files.map(({ file }) => file) };
  }
  const name = c.req.query('name') ?? 'report';
  return {
    fields: new Map(),
    files: [await spool.receive(body, { name, maxBytes: maxUploadBytes })],
  };
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

function encodingOf(c: Context): string | null {
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return null;
  if (unpackable.includes(encoding)) return encoding;
  throw new UploadError(
    'MALFORMED',
    `Content-Encoding ${encoding} is not taken: send gzip, or the body as it is.`,
  );
}
