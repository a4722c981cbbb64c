import { extract, type Extract, type ExtractEvents, type Header } from 'tar-stream';
import { ArchiveError } from './archive-error.ts';
import { createSignal } from './signal.ts';

/** One file of a tar; folders, links and devices are not given. */
export interface TarFile {
  readonly name: string;
  /** To be read before the next file is asked for; what is left of it is skipped then. */
  readonly content: AsyncIterable<Uint8Array>;
}

interface Opened {
  readonly header: Header;
  readonly stream: ExtractEvents['entry'][1];
  readonly next: ExtractEvents['entry'][2];
}

/** With so low a mark each write waits for its `drain`. Their types lack the other option, for tars without a magic. */
const PARSER_OPTIONS = { highWaterMark: 1, allowUnknownFormat: true };

/**
 * Reads the files of a tar, in its order: the formats of Unix 7, ustar, pax and GNU.
 *
 * @param onHeader is told the name of every entry before it is given or skipped
 * @throws {ArchiveError} `MALFORMED` after what comes before the damage; and what the source throws
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  onHeader: (name: string) => void,
): AsyncGenerator<TarFile, void, undefined> {
  const tar = openTar(source);
  try {
    for (;;) {
      const opened = await tar.nextEntry();
      if (opened == null) return;
      const { header } = opened;
      onHeader(header.name);
      const content = tar.contentOf(opened);
      if (isFile(header)) yield { name: header.name, content: content() };
      await skip(content());
      opened.stream.resume(); // to its end, which the parser waits for
      opened.next();
    }
  } finally {
    await tar.close();
  }
}

function isFile({ type }: Header): boolean {
  return type === 'file' || type === 'contiguous-file';
}

async function skip(content: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = content[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

interface Tar {
  /** The next entry; undefined after the last one. */
  nextEntry(): Promise<Opened | undefined>;
  /** Makes readers of one entry, each of which goes on where the last one stopped. */
  contentOf(entry: Opened): () => AsyncGenerator<Uint8Array, void, undefined>;
  close(): Promise<void>;
}

/** Feeds the parser one chunk at a time, and only when what it has made of the last one is read. */
function openTar(source: AsyncIterable<Uint8Array>): Tar {
  const iterator = source[Symbol.asyncIterator]();
  const signal = createSignal();
  const parser: Extract = extract(PARSER_OPTIONS);
  let opened: Opened | undefined;
  let isFed = true;
  let isFinished = false;
  let failure: unknown;
  parser.on('entry', (header, stream, next) => {
    stream.on('readable', signal.raise).on('end', signal.raise).on('error', signal.raise);
    opened = { header, stream, next };
    signal.raise();
  });
  parser.on('drain', () => {
    isFed = true;
    signal.raise();
  });
  parser.on('finish', () => {
    isFinished = true;
    signal.raise();
  });
  parser.on('error', (error: unknown) => {
    failure = error;
    signal.raise();
  });

  /** Waits for the parser, or feeds it; false when nothing will come any more. */
  async function advance(): Promise<boolean> {
    if (failure != null) throw damaged(failure);
    if (isFinished) return false;
    if (!isFed) {
      await signal.wait();
      return true;
    }
    const next = await iterator.next();
    if (next.done === true) {
      isFed = false;
      parser.end(null);
    } else if (next.value.byteLength > 0) {
      isFed = false;
      parser.write(next.value);
    }
    return true;
  }

  return {
    async nextEntry() {
      while (opened == null && (await advance()));
      const entry = opened;
      opened = undefined;
      return entry;
    },
    contentOf({ header, stream }) {
      let missing = header.size;
      return async function* () {
        while (missing > 0) {
          const chunk = stream.read() as Uint8Array | null; // null unless there is a buffer
          missing -= chunk?.byteLength ?? 0;
          if (chunk != null) yield chunk;
          else if (!(await advance())) throw damaged(undefined);
        }
      };
    },
    async close() {
      parser.destroy();
      await iterator.return?.();
    },
  };
}

function damaged(cause: unknown): ArchiveError {
  const isCut = cause instanceof Error && cause.message === 'Unexpected end of data';
  const message = `The tar archive ${isCut ? 'ends too early' : 'is damaged'}.`;
  return new ArchiveError('MALFORMED', message, { cause });
}
