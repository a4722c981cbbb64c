import { ArchiveError } from './archive-error.ts';

/** What an upload may unpack to. */
export interface ArchiveLimits {
  /** Bytes that all decompressors give for one upload, those of archives inside archives included. */
  readonly totalBytes: number;
  /** Entries of all archives of one upload; folders and links count, though they are skipped. */
  readonly entries: number;
  /** UTF-16 units of the name of an entry. */
  readonly nameLength: number;
  /** Layers of packing and compression; a tar.gz has two. */
  readonly layers: number;
  /** Bytes of a zip that lies inside another archive: it is read by random access, so it goes to disk first. */
  readonly nestedZipBytes: number;
  /** Bytes that a zstd decompressor has to remember; `zstd -19` asks for 8 MiB. */
  readonly zstdWindowBytes: number;
  /** Time for all zstd data of the upload, in milliseconds; 1 GiB took 3 to 25 s on two busy cores. */
  readonly zstdMs: number;
}

/** What is allowed unless the caller says otherwise. */
export const archiveLimits: ArchiveLimits = {
  totalBytes: 1024 ** 3,
  entries: 10_000,
  nameLength: 4_096,
  layers: 4,
  nestedZipBytes: 256 * 1024 ** 2,
  zstdWindowBytes: 8 * 1024 ** 2,
  zstdMs: 60_000,
};

/** What one upload has used of its limits. */
export interface Budget {
  readonly limits: ArchiveLimits;
  /** @throws {ArchiveError} `LIMIT` */
  readonly countBytes: (sizeBytes: number) => void;
  /** @throws {ArchiveError} `LIMIT` */
  readonly countEntry: (name: string) => void;
}

/** Makes the budget of one upload. */
export function createBudget(limits: ArchiveLimits): Budget {
  let inflatedBytes = 0;
  let entries = 0;

  return {
    limits,
    countBytes(sizeBytes) {
      inflatedBytes += sizeBytes;
      if (inflatedBytes > limits.totalBytes)
        throw exceeded(`The upload inflates to more than ${limits.totalBytes} bytes.`);
    },
    countEntry(name) {
      entries += 1;
      if (entries > limits.entries)
        throw exceeded(`The upload has more than ${limits.entries} files and folders.`);
      if (name.length > limits.nameLength)
        throw exceeded(
          `A file in the upload has a name of more than ${limits.nameLength} characters.`,
        );
    },
  };
}

function exceeded(message: string): ArchiveError {
  return new ArchiveError('LIMIT', message);
}

/** Gives the same bytes and counts them. */
export async function* counted(
  source: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    budget.countBytes(chunk.byteLength);
    yield chunk;
  }
}
