import type { Context } from 'hono';
import { ValidationError } from '../errors.ts';
import { sentBody, tooLarge, unpacked } from './request-body.ts';

/** The most bytes of JSON, unpacked; logs and files of reports may be larger. */
const maxJsonBytes = 64 * 1024 * 1024;

/** A body of up to this size is read to its end before it is refused: else its sender meets a closed connection. */
const heardOutBytes = 4 * maxJsonBytes;

/**
 * Gives the body as JSON, whatever its content type says. Bytes that are no UTF-8 become U+FFFD.
 *
 * @throws {UploadError} when it is too large, breaks off, or is packed in a way that is not known
 * @throws {ValidationError} when it is no JSON
 */
export async function readJson(c: Context): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of unpacked(c, sentBody(c, heardOutBytes))) {
    size += chunk.byteLength;
    if (size > maxJsonBytes) throw tooLarge(maxJsonBytes);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder().decode(Buffer.concat(chunks))) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ValidationError([{ path: ['body'], message: 'is not JSON' }]);
  }
}
