import { readToEnd } from '../blobs/read-to-end.ts';
import { DomainError, TooLargeError, ValidationError } from '../errors.ts';
import type { ReadWebhook } from '../ingest/webhook-translation.ts';
import { isObject } from './fields.ts';

/** GitHub's largest; others send less. */
const maxBodyBytes = 25 * 1024 * 1024;

/**
 * Gives the body as it came, byte for byte.
 *
 * @throws {TooLargeError} when it has more than 25 MiB
 * @throws {ValidationError} when it breaks off
 */
export async function rawBody(request: Request): Promise<Buffer> {
  try {
    return await readAll(request);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new ValidationError([{ path: ['body'], message: 'broke off' }]);
  }
}

/** Reads and drops a body, so that the answer reaches its sender. */
export async function dropBody({ body }: Request): Promise<void> {
  if (body === null) return;
  try {
    const sent = readToEnd(body as unknown as AsyncIterable<Uint8Array>, 4 * maxBodyBytes);
    await sent.next();
    await sent.return();
  } catch {
    return; // it broke off, and nobody waits for the answer
  }
}

async function readAll({ body, headers }: Request): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  if (Number(headers.get('content-length') ?? 0) > 4 * maxBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The fetch API's types do not say yet that streams of bytes can be iterated. What is too much is read and dropped,
  // so that the answer reaches its sender.
  const sent = readToEnd(body as unknown as AsyncIterable<Uint8Array>, 4 * maxBodyBytes);
  for await (const chunk of sent) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): TooLargeError {
  return new TooLargeError(`The body is larger than ${String(maxBodyBytes)} bytes.`);
}

/** Gives the JSON in a body, which GitHub may be told to send in a form. Bytes that are no UTF-8 become U+FFFD. */
export const readWebhook: ReadWebhook = (body, headers) => {
  const text = new TextDecoder().decode(body);
  if (text.trim() === '') return { problem: 'The body is empty.' };
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  if (json === null) return { problem: 'The form has no field "payload".' };
  const payload = parse(json);
  return isObject(payload) ? { payload } : { problem: 'The body is no JSON object.' };
};

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
