import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import type { Spool, SpooledFile } from './spool.ts';
import { UploadError } from './upload-error.ts';

/** The parts of a form, in the order sent. Whoever received it removes its files. */
export interface MultipartForm {
  /** Texts by field name; of fields with one name the last. */
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly ReceivedFile[];
}

/** One file of a form and the name of its field. */
export interface ReceivedFile {
  readonly field: string;
  readonly file: SpooledFile;
}

/** What a form may hold. */
export interface FormBounds {
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly maxFields: number;
  readonly maxFieldBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A form that is being received. After a failure it only throws it again. */
export interface FormWriter {
  /** Takes the next piece of the body; resolves when there is room for more. */
  write(chunk: Uint8Array): Promise<void>;
  /** Ends the body; resolves when every file is on disk. */
  end(): Promise<MultipartForm>;
  /** Stops receiving and removes every file. */
  discard(reason: unknown): Promise<void>;
}

/** Joins a parser and a spool: what goes into the parser comes out as fields and spooled files. */
export function createForm(parser: BusboyInstance, spool: Spool, bounds: FormBounds): FormWriter {
  const fields = new Map<string, string>();
  const progress = createProgress();
  let isFinished = false;
  const queue = createFileQueue(spool, bounds, progress);

  parser.on('file', (field: string | undefined, stream, name: string | undefined) => {
    // Emitted, not destroyed with, when the body ends inside the file; nobody may be reading it yet.
    stream.on('error', progress.fail);
    queue.add(stream, { field: field ?? '', name: name || field || '' });
    if (field == null) progress.fail(new UploadError('MALFORMED', 'A part has no name.'));
  });
  parser.on('field', (field: string | undefined, text, _isNameCut, isTextCut) => {
    if (field == null) progress.fail(new UploadError('MALFORMED', 'A part has no name.'));
    else if (isTextCut) progress.fail(tooLarge(`The field "${field}"`, bounds.maxFieldBytes));
    else fields.set(field, text);
  });
  parser.on('fieldsLimit', () => {
    progress.fail(tooLarge('The form', bounds.maxFields, 'fields'));
  });
  parser.on('filesLimit', () => {
    progress.fail(tooLarge('The form', bounds.maxFiles, 'files'));
  });
  parser.on('error', (cause) => {
    progress.fail(new UploadError('MALFORMED', 'The multipart body ends too early.', { cause }));
  });

  // A form without parts finishes before the body ends, and then never answers to anything.
  parser.on('finish', () => (isFinished = true));

  return {
    write: (chunk) =>
      progress.advance((done) => {
        if (isFinished) done();
        else parser.write(chunk, done);
      }),
    async end() {
      await progress.advance((done) => {
        if (isFinished) done();
        else parser.once('finish', done).end();
      });
      await progress.advance(queue.whenIdle);
      return { fields, files: queue.files };
    },
    async discard(reason) {
      progress.fail(reason);
      await queue.discard();
    },
  };
}

function tooLarge(what: string, most: number, unit = 'bytes'): UploadError {
  return new UploadError('TOO_LARGE', `${what} has more than ${most} ${unit}.`);
}

interface Progress {
  /** Runs a step and waits until it is done, or until anything has failed. */
  advance(step: (done: () => void) => void): Promise<void>;
  /** The first failure counts. */
  readonly fail: (reason: unknown) => void;
  hasFailed(): boolean;
}

function createProgress(): Progress {
  let failure: Error | undefined;
  let wake = (): void => undefined;

  return {
    async advance(step) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (failure == null) step(resolve);
        else resolve();
      });
      if (failure != null) throw failure;
    },
    fail(reason) {
      failure ??= reason instanceof Error ? reason : new Error(String(reason));
      wake();
    },
    hasFailed: () => failure != null,
  };
}

interface FileQueue {
  readonly files: readonly ReceivedFile[];
  add(stream: BusboyFileStream, names: { readonly field: string; readonly name: string }): void;
  readonly whenIdle: (done: () => void) => void;
  discard(): Promise<void>;
}

/** Writes one file at a time: a chunk may begin hundreds of them, and each would be an open file. */
function createFileQueue(spool: Spool, bounds: FormBounds, progress: Progress): FileQueue {
  const files: ReceivedFile[] = [];
  const streams = new Set<BusboyFileStream>();
  let writing = Promise.resolve();

  async function receive(stream: BusboyFileStream, field: string, name: string): Promise<void> {
    if (progress.hasFailed()) return;
    try {
      const { maxBytes, signal } = bounds;
      files.push({ field, file: await spool.receive(stream, { name, maxBytes, signal }) });
    } catch (error) {
      progress.fail(error);
    } finally {
      streams.delete(stream);
    }
  }

  return {
    files,
    add(stream, { field, name }) {
      streams.add(stream);
      writing = writing.then(() => receive(stream, field, name));
    },
    whenIdle(done) {
      writing = writing.then(done);
    },
    async discard() {
      for (const stream of streams) stream.destroy();
      await writing;
      await Promise.all(files.map(({ file }) => file.remove()));
    },
  };
}
