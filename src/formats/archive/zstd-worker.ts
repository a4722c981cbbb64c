import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { ArchiveError } from './archive-error.ts';

/** More than a block of 128 KiB with what may stand around it. */
const INPUT_BYTES = 132 * 1024;
/** Fzstd keeps back the first 18 bytes of a frame, which may hold three blocks. */
const OUTPUT_BYTES = 3 * 128 * 1024;

/** Runs fzstd. As a text, since a worker needs JavaScript, and tests run TypeScript as it is. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { Decompress } = require(workerData.fzstd);
let decompressor;
let outputBytes = 0;
parentPort.on('message', ({ inputBytes, isFirst, isLast }) => {
  outputBytes = 0;
  try {
    if (isFirst) decompressor = new Decompress(give);
    decompressor.push(workerData.input.slice(0, inputBytes), isLast);
    parentPort.postMessage({ outputBytes });
  } catch (error) {
    parentPort.postMessage({ failure: String(error) });
  }
});
function give(chunk) {
  workerData.output.set(chunk, outputBytes);
  outputBytes += chunk.length;
}
`;

/** A piece of a frame: a whole block, the first with the frame's header before it. */
export interface ZstdPiece {
  readonly bytes: Uint8Array;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

type Answer = { readonly outputBytes: number } | { readonly failure: string };

/** Decodes zstd in another thread, one frame at a time, and stops it when that takes too long. */
export interface ZstdWorker {
  /**
   * Gives what the next piece inflates to.
   *
   * @throws {ArchiveError} `MALFORMED`, or `LIMIT` after `timeoutMs`; the worker is of no more use then
   */
  decode(piece: ZstdPiece, timeoutMs: number): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts a worker, which does not keep the process alive. */
export function startZstdWorker(): ZstdWorker {
  const require = createRequire(import.meta.url);
  // Shared, for messages would leave two copies of each block to the garbage collector.
  const input = new Uint8Array(new SharedArrayBuffer(INPUT_BYTES));
  const output = new Uint8Array(new SharedArrayBuffer(OUTPUT_BYTES));
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { fzstd: require.resolve('fzstd'), input, output },
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  worker.unref();

  return {
    async decode({ bytes, isFirst, isLast }, timeoutMs) {
      const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
      worker.ref();
      try {
        input.set(bytes);
        worker.postMessage({ inputBytes: bytes.length, isFirst, isLast });
        const [answer] = (await once(worker, 'message', { signal: timeout })) as [Answer];
        if ('failure' in answer) throw damaged(answer.failure);
        return Buffer.from(output.subarray(0, answer.outputBytes));
      } catch (error) {
        await worker.terminate();
        if (timeout.aborted) throw tooSlow();
        throw error instanceof ArchiveError ? error : damaged(error);
      } finally {
        worker.unref();
      }
    },
    async stop() {
      await worker.terminate();
    },
  };
}

function tooSlow(): ArchiveError {
  const message =
    'The zstd data takes too long to inflate; compress it with larger blocks or as gzip.';
  return new ArchiveError('LIMIT', message);
}

function damaged(cause: unknown): ArchiveError {
  return new ArchiveError('MALFORMED', 'The zstd data is damaged.', { cause });
}
