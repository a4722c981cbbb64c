import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { z } from 'zod';
import type { MultipartForm } from '../blobs/multipart-form.ts';
import { readToEnd } from '../blobs/read-to-end.ts';
import { receiveMultipart } from '../blobs/receive-multipart.ts';
import type { Spool } from '../blobs/spool.ts';
import { UploadError } from '../blobs/upload-error.ts';
import { maxUploadBytes } from '../blobs/upload-limit.ts';
import { ReceivedUpload } from './file-scalar.ts';

const longestPath = 20;

const Operations = z.looseObject({ query: z.string().optional() });
const FileMap = z.record(z.string(), z.array(z.string()));

/** Whether the request is one of graphql-multipart-request-spec. */
export function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '');
}

/**
 * Reads a multipart request: spools its files, and puts them where `map` wants them among the variables.
 *
 * @param received gets the form as soon as its files are on disk; they are its owner's to remove
 * @throws {GraphQLError} 400 when it is not of its shape, 413 when it is too large, 507 when the disk is full
 */
export async function readMultipart(
  request: Request,
  spool: Spool,
  received: (form: MultipartForm) => void,
): Promise<GraphQLParams> {
  const form = await receive(request, spool);
  received(form);
  const operations = parse(form.fields.get('operations'), 'operations', Operations);
  const map = parse(form.fields.get('map'), 'map', FileMap);
  const files = new Map(form.files.map(({ field, file }) => [field, new ReceivedUpload(file)]));
  refuseUnnamed(form, map);
  for (const [field, paths] of Object.entries(map)) {
    const file = files.get(field);
    if (file === undefined)
      throw refusal(400, `"map" names the part "${field}", which is not there.`);
    for (const path of paths) place(operations, path, file);
  }
  return operations as GraphQLParams; // Yoga checks its fields as it does those of a JSON body
}

/** A file that would go nowhere, or stand for another, is a mistake to be told, not one to be dropped. */
function refuseUnnamed({ files }: MultipartForm, map: Readonly<Record<string, unknown>>): void {
  const fields = files.map(({ field }) => field);
  const unnamed = fields.find((field) => !Object.hasOwn(map, field));
  if (unnamed !== undefined) throw refusal(400, `"map" does not name the part "${unnamed}".`);
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) throw refusal(400, `There are several parts with the name "${twice}".`);
}

async function receive(request: Request, spool: Spool): Promise<MultipartForm> {
  const contentType = request.headers.get('content-type') ?? '';
  if (request.body === null) throw refusal(400, 'The multipart body is empty.');
  // The fetch API's types do not say yet that streams of bytes can be iterated.
  const sent = request.body as unknown as AsyncIterable<Uint8Array>;
  const body = readToEnd(sent, 2 * maxUploadBytes);
  try {
    return await receiveMultipart(body, contentType, spool, { maxBytes: maxUploadBytes });
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    throw refusal(statusOf[error.code], error.message);
  }
}

const statusOf = { TOO_LARGE: 413, MALFORMED: 400, NO_SPACE: 507 } as const satisfies Record<
  UploadError['code'],
  number
>;

function parse<Schema extends z.ZodType>(
  text: string | undefined,
  field: string,
  schema: Schema,
): z.output<Schema> {
  const shape = 'See github.com/jaydenseric/graphql-multipart-request-spec.';
  if (text === undefined) throw refusal(400, `The field "${field}" is missing. ${shape}`);
  const value = parseJson(text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (field === 'operations' && Array.isArray(value)) throw batching();
  throw refusal(400, `The field "${field}" is not JSON of its shape. ${shape}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // fits no shape, which the caller says
  }
}

/** Puts the file where the path leads, e.g. `variables.files.0`: what is there must be null. Nowhere but in a variable. */
function place(root: object, path: string, file: ReceivedUpload): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at: unknown = keys[0] === 'variables' && keys.length < longestPath ? root : undefined;
  for (const key of keys) at = own(at, key);
  if (typeof at !== 'object' || at === null || own(at, last) !== null) {
    throw refusal(400, `"map" wants a file at "${path}", where "operations" has no null.`);
  }
  Reflect.set(at, last, file);
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function batching(): GraphQLError {
  const text = 'An array of operations is not taken: send each as a request of its own.';
  return new GraphQLError(text, {
    extensions: { code: 'BATCHING_NOT_SUPPORTED', http: { status: 400 } },
  });
}

function refusal(status: number, message: string): GraphQLError {
  const code = status === 413 ? 'BODY_TOO_LARGE' : 'BAD_REQUEST';
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
