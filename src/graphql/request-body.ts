import { GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { MultipartForm } from '../blobs/multipart-form.ts';
import type { Spool } from '../blobs/spool.ts';
import { maxUploadBytes } from '../blobs/upload-limit.ts';
import { isMultipart, readMultipart } from './multipart-request.ts';

const maxBodyBytes = 32 * 1024 * 1024;

type OnRequestParse = NonNullable<Plugin['onRequestParse']>;
type RequestParser = NonNullable<Parameters<OnRequestParse>[0]['requestParser']>;

export interface RequestBodyOptions {
  /** Where files of multipart requests go until the answer is sent. */
  readonly spool: Spool;
  /**
   * @throws {ForbiddenError} with a key that may not ingest
   * @throws {UnauthenticatedError} without a key that works
   */
  readonly authenticate: (headers: Headers) => Promise<unknown>;
}

/**
 * Refuses bodies that are too large, no UTF-8 or no single operation, each with what to do instead.
 * Yoga's own parsers take any bytes for UTF-8 and answer some of this without a body.
 */
export function useRequestBody({ spool, authenticate }: RequestBodyOptions): Plugin {
  const forms = new WeakMap<Request, MultipartForm>();
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      if (request.method !== 'GET' && request.method !== 'POST') return; // Yoga answers with 405
      if (request.method === 'POST' && isMultipart(request)) {
        refuseLength(request, maxUploadBytes);
        refuseEncoding(request.headers.get('content-encoding'));
        setRequestParser(async (sent) => {
          await authenticate(sent.headers); // before any of it is written to disk
          return readMultipart(sent, spool, (form) => forms.set(request, form));
        });
        return;
      }
      if (requestParser === undefined) {
        throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send Content-Type: application/json.');
      }
      if (request.method === 'GET') {
        setRequestParser((asked) => oneOperation(requestParser, asked));
        return;
      }
      refuseLength(request, maxBodyBytes);
      refuseEncoding(request.headers.get('content-encoding'));
      setRequestParser(async (sent) => oneOperation(requestParser, await decoded(sent, fetchAPI)));
    },
    async onResponse({ request }) {
      const form = forms.get(request);
      for (const { file } of form?.files ?? []) await file.remove();
    },
  };
}

function refuseLength({ headers }: Request, maxBytes: number): void {
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

async function oneOperation(
  parse: RequestParser,
  request: Request,
): Promise<Awaited<ReturnType<RequestParser>>> {
  const params = await parsed(parse, request);
  if (!Array.isArray(params)) return params;
  const text = 'An array of operations is not taken: send each as a request of its own.';
  throw refusal(400, 'BATCHING_NOT_SUPPORTED', text);
}

async function parsed(
  parse: RequestParser,
  request: Request,
): Promise<Awaited<ReturnType<RequestParser>>> {
  try {
    return await parse(request);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const text = `The parameters variables and extensions must be JSON: ${error.message}`;
    throw refusal(400, 'BAD_REQUEST', text);
  }
}

function refuseEncoding(encoding: string | null): void {
  if (encoding === null || encoding === 'identity') return;
  const text = `Content-Encoding ${encoding} is not taken: send the body as it is.`;
  throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', text);
}

/** Gives the same request with its body read and decoded. */
async function decoded(request: Request, fetchAPI: FetchAPI): Promise<Request> {
  const { url, method, headers } = request;
  return new fetchAPI.Request(url, { method, headers, body: decode(await bytesOf(request)) });
}

async function bytesOf(request: Request): Promise<ArrayBuffer | Uint8Array> {
  try {
    return request.headers.has('content-length')
      ? await request.arrayBuffer()
      : await readLimited(request);
  } catch (error) {
    if (error instanceof GraphQLError) throw error;
    throw refusal(400, 'BAD_REQUEST', `The body broke off: ${String(error)}`);
  }
}

function decode(bytes: ArrayBuffer | Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw refusal(400, 'BAD_REQUEST', 'The body is not UTF-8.');
  }
}

/** What is over the limit is read and dropped: an answer in the middle of a body reaches nobody. */
async function readLimited(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > maxBodyBytes) chunks.length = 0;
    else chunks.push(read.value);
  }
  if (size > maxBodyBytes) throw tooLarge(maxBodyBytes);
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): GraphQLError {
  const limit = `${maxBytes / 1024 / 1024} MiB`;
  return refusal(
    413,
    'BODY_TOO_LARGE',
    `The body is larger than ${limit}, the limit: send it as several requests.`,
  );
}

function refusal(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
