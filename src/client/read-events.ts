/** One server-sent event: its name and its data, lines joined. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

const END_OF_LINE = /\r\n|\n|\r(?!$)/;

/**
 * Gives the events of a `text/event-stream` body in order (https://html.spec.whatwg.org, 9.2.6).
 * Stopping early cancels the body, which ends the request.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  let block: string[] = [];
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const lines = (pending + decoder.decode(chunk.value, { stream: true })).split(END_OF_LINE);
      pending = lines.pop() ?? '';
      for (const line of lines) {
        if (line !== '') {
          block.push(line);
          continue;
        }
        const event = parseEvent(block);
        block = [];
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Null for a block without a field we know, such as the comments that keep a connection alive. */
function parseEvent(block: readonly string[]): ServerEvent | null {
  const fields = block.map((line) => {
    const colon = line.includes(':') ? line.indexOf(':') : line.length;
    return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
  });
  const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value);
  const name = fields.findLast((field) => field.name === 'event')?.value;
  if (name === undefined && data.length === 0) return null;
  return { name: name ?? 'message', data: data.join('\n') };
}
