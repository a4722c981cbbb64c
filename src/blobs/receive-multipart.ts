import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { DomainError } from '../errors.ts';
import { abortable } from './abortable.ts';
import { createForm, type FormBounds, type MultipartForm } from './multipart-form.ts';
import type { Spool } from './spool.ts';
import { UploadError } from './upload-error.ts';

/** What a multipart body may hold. */
export interface MultipartLimits {
  /** Bytes of the whole body, boundaries and headers included. */
  readonly maxBytes: number;
  readonly maxFiles?: number;
  readonly maxFields?: number;
  readonly maxFieldBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is allowed unless a door says otherwise. */
const multipartDefaults = {
  maxFiles: 1_000,
  maxFields: 100,
  maxFieldBytes: 1024 * 1024,
} as const satisfies Partial<MultipartLimits>;

const LONGEST_PART_HEADER = 16 * 1024;

/**
 * Reads a `multipart/form-data` body and spools its files one after the other, no faster than the disk takes them. A part with a file name
 * is a file, and so is one of type `application/octet-stream`. Whatever goes wrong, no file is left.
 *
 * @throws {UploadError} `TOO_LARGE` past a limit, `MALFORMED` when the body breaks off or is no multipart, `NO_SPACE`
 * @throws the signal's reason, and a `DomainError` that the body throws
 */
export async function receiveMultipart(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  spool: Spool,
  limits: MultipartLimits,
): Promise<MultipartForm> {
  const bounds = { ...multipartDefaults, ...limits };
  const form = createForm(openParser(contentType, bounds), spool, bounds);
  try {
    for await (const chunk of readBody(body, bounds)) await form.write(chunk);
    return await form.end();
  } catch (error) {
    await form.discard(error);
    throw error;
  }
}

function openParser(contentType: string, bounds: FormBounds): BusboyInstance {
  if (!/^multipart\/form-data\s*;/i.test(contentType.trim()))
    throw new UploadError('MALFORMED', 'The body is not multipart/form-data.');
  try {
    return new Busboy({
      headers: { 'content-type': contentType.trim() },
      preservePath: true,
      limits: {
        fields: bounds.maxFields,
        fieldSize: bounds.maxFieldBytes,
        files: bounds.maxFiles,
        headerSize: LONGEST_PART_HEADER,
      },
    });
  } catch (cause) {
    const message = 'The Content-Type of the body names no boundary.';
    throw new UploadError('MALFORMED', message, { cause });
  }
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, signal }: FormBounds,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sizeBytes = 0;
  try {
    for await (const chunk of abortable(body, signal)) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) break;
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted || error instanceof UploadError || error instanceof DomainError)
      throw error;
    const message = `The body broke off after ${sizeBytes} bytes.`;
    throw new UploadError('MALFORMED', message, { cause: error });
  }
  if (sizeBytes > maxBytes)
    throw new UploadError('TOO_LARGE', `The upload is larger than ${maxBytes} bytes.`);
}
