import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

export const maxBodyBytes = 32 * 1024 * 1024;

/** Refuses bodies over 32 MiB with 413: by their length when they say it, else while they are read. */
export function useBodyLimit(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge();
      if (requestParser === undefined || request.headers.has('content-length')) return;
      setRequestParser(async (chunked) => requestParser(await readLimited(chunked)));
    },
  };
}

/** Gives the same request with its body read, so that reading stops where the limit is. */
async function readLimited(request: Request): Promise<Request> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(read.value);
  }
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}

function tooLarge(): GraphQLError {
  const limit = `${String(maxBodyBytes / 1024 / 1024)} MiB`;
  return new GraphQLError(`The body is larger than ${limit}, the limit: send it as several requests.`, {
    extensions: { code: 'BODY_TOO_LARGE', http: { status: 413 } },
  });
}
