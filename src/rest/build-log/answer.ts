import type { LogPart, Opened } from '../../analytics/log-part.ts';
import { byteRange } from './byte-range.ts';

/** How a request for a log is answered. */
export interface Answer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** What of the log goes with it. */
  readonly open: Opened;
}

/** Decides by the headers of a request: conditions first, then ranges, then how it is packed (RFC 9110, 13.2.2). */
export function answerTo(request: Request, part: LogPart): Answer {
  const range = askedRange(request.headers, part);
  const isPacked = range === null && part.packedBytes !== null && acceptsGzip(request.headers);
  const etag = isPacked ? `"${part.version}-gzip"` : etagOf(part);
  const shared = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    vary: 'authorization, x-api-key, accept-encoding',
  };
  if (names(request.headers.get('if-none-match'), etag))
    return { status: 304, headers: shared, open: null };
  if (range === 'unsatisfiable') {
    const headers = { ...shared, 'content-range': `bytes */${String(part.sizeBytes)}` };
    return { status: 416, headers: { ...headers, 'content-length': '0' }, open: null };
  }
  const isHead = request.method === 'HEAD';
  const headers = { ...shared, 'content-type': 'text/plain; charset=utf-8' };
  if (isPacked) {
    const packed = { 'content-encoding': 'gzip', 'content-length': String(part.packedBytes) };
    return { status: 200, headers: { ...headers, ...packed }, open: isHead ? null : 'packed' };
  }
  const { start, end } = range ?? { start: 0, end: part.sizeBytes };
  const length = { 'content-length': String(end - start) };
  const open = isHead ? null : { start, end };
  if (range === null) return { status: 200, headers: { ...headers, ...length }, open };
  const place = `bytes ${String(start)}-${String(end - 1)}/${String(part.sizeBytes)}`;
  return { status: 206, headers: { ...headers, ...length, 'content-range': place }, open };
}

function etagOf({ version }: LogPart): string {
  return `"${version}"`;
}

/** The range of a log that has changed since is no use: then all of it is answered. Ranges are for GET alone. */
function askedRange(headers: Headers, part: LogPart): ReturnType<typeof byteRange> {
  const condition = headers.get('if-range');
  if (condition !== null && condition.trim() !== etagOf(part)) return null;
  return byteRange(headers.get('range') ?? undefined, part.sizeBytes);
}

function names(list: string | null, etag: string): boolean {
  if (list === null) return false;
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function acceptsGzip(headers: Headers): boolean {
  const codings = (headers.get('accept-encoding') ?? '').toLowerCase().split(',');
  return codings.some((coding) => {
    const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return (name === 'gzip' || name === 'x-gzip') && Number(weight ?? 1) > 0;
  });
}
