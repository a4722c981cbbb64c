import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents, type ServerEvent } from '../../src/client/read-events.ts';

async function eventsOf(chunks: Iterable<Uint8Array>): Promise<ServerEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('events come in order, with the lines of their data joined', async () => {
  const events = await eventsOf([
    bytes('event: next\ndata: {"a":\ndata: 1}\n\ndata:none\n\nevent: complete\ndata:\n\n'),
  ]);

  expect(events).toEqual([
    { name: 'next', data: '{"a":\n1}' },
    { name: 'message', data: 'none' },
    { name: 'complete', data: '' },
  ]);
});

test('comments that keep the connection alive are no events', async () => {
  const events = await eventsOf([bytes(':\n\n: ping\n\nevent: next\ndata: 1\n\n')]);

  expect(events).toEqual([{ name: 'next', data: '1' }]);
});

test('an event that is cut off is left out', async () => {
  expect(await eventsOf([bytes('event: next\ndata: 1\n')])).toEqual([]);
});

const endOfLine = fc.constantFrom('\n', '\r\n', '\r');
const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ''));

test('how the network cuts the stream changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(line, { minLength: 1 })),
      endOfLine,
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      async (blocks, end, sizes) => {
        const text = blocks
          .map((lines) => lines.map((data) => `data: ${data}${end}`).join('') + end)
          .join('');

        const events = await eventsOf(cut(bytes(`${text}\n`), sizes));

        expect(events.map(({ data }) => data)).toEqual(blocks.map((lines) => lines.join('\n')));
      },
    ),
  );
});

function* cut(all: Uint8Array, sizes: Iterable<number>): Generator<Uint8Array> {
  let start = 0;
  for (const size of sizes) {
    if (start >= all.length) return;
    yield all.subarray(start, start + size);
    start += size;
  }
}

test('leaving the loop cancels the stream', async () => {
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.enqueue(bytes('data: 1\n\n'));
    },
    cancel: () => {
      isCancelled = true;
    },
  });

  for await (const event of readEvents(stream)) {
    expect(event.data).toBe('1');
    break;
  }

  expect(isCancelled).toBe(true);
});
