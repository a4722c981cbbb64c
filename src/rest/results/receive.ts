import type { Context } from 'hono';
import { receiveMultipart } from '../../blobs/receive-multipart.ts';
import type { Spool, SpooledFile } from '../../blobs/spool.ts';
import { maxUploadBytes } from '../../blobs/upload-limit.ts';
import { encodingOf, sentBody, unpacked } from '../request-body.ts';

export interface Received {
  readonly fields: ReadonlyMap<string, string>;
  /** Whoever received them removes them. */
  readonly files: readonly SpooledFile[];
}

/**
 * Takes the body to disk: the files of a form, or the body itself as the one file. A packed one stays packed: readers
 * of uploads unpack what they find.
 *
 * @throws {UploadError} when it is too large, breaks off or is packed in a way that is not known
 */
export async function receiveFiles(c: Context, spool: Spool): Promise<Received> {
  const body = sentBody(c, maxUploadBytes);
  encodingOf(c); // known, or refused before anything is kept
  const contentType = c.req.header('content-type') ?? '';
  if (/^multipart\/form-data\b/i.test(contentType)) {
    const form = unpacked(c, body);
    const received = await receiveMultipart(form, contentType, spool, { maxBytes: maxUploadBytes });
    return { fields: received.fields, files: received.files.map(({ file }) => file) };
  }
  const name = c.req.query('name') ?? 'report';
  return {
    fields: new Map(),
    files: [await spool.receive(body, { name, maxBytes: maxUploadBytes })],
  };
}
