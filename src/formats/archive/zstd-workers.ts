import { startZstdWorker, type ZstdPiece, type ZstdWorker } from './zstd-worker.ts';

/** The zstd workers of one upload: one for each stream that is open at once, used again by the next. */
export interface ZstdWorkers {
  /** Gives the decoder of one stream; to be released, unless it has failed. */
  acquire(): ZstdDecoder;
  /** Stops all. */
  stop(): Promise<void>;
}

/** Decodes one stream. */
export interface ZstdDecoder {
  /** @throws {ArchiveError} `MALFORMED`, or `LIMIT` when all zstd data of the upload has taken too long */
  decode(piece: ZstdPiece): Promise<Buffer>;
  /** Lets another stream use the worker. */
  release(): void;
}

/** Makes the workers of an upload, which may all together work so long; none is started yet. */
export function createZstdWorkers(zstdMs: number): ZstdWorkers {
  const started = new Set<ZstdWorker>();
  const idle: ZstdWorker[] = [];
  let leftMs = zstdMs;

  function start(): ZstdWorker {
    const worker = startZstdWorker();
    started.add(worker);
    return worker;
  }

  return {
    acquire() {
      const worker = idle.pop() ?? start();
      let isUsable = true;
      return {
        async decode(piece) {
          const startedAt = performance.now();
          isUsable = false;
          const inflated = await worker.decode(piece, leftMs);
          isUsable = true;
          leftMs -= performance.now() - startedAt;
          return inflated;
        },
        release() {
          if (isUsable) idle.push(worker);
        },
      };
    },
    async stop() {
      await Promise.all([...started].map((worker) => worker.stop()));
    },
  };
}
