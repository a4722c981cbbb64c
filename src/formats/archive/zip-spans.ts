import type { Entry } from 'yauzl';
import { ArchiveError } from './archive-error.ts';

const LOCAL_HEADER_BYTES = 30;

/** Which bytes of a zip belong to entries seen so far. */
export interface ZipSpans {
  /** @throws {ArchiveError} `MALFORMED` when the entry shares bytes with an earlier one, as in the densest zip bombs */
  add(entry: Entry): void;
}

/** Makes an empty set of spans. */
export function createZipSpans(): ZipSpans {
  const starts: number[] = [];
  const ends: number[] = [];

  return {
    add({ relativeOffsetOfLocalHeader: start, compressedSize }) {
      const end = start + LOCAL_HEADER_BYTES + compressedSize;
      const place = placeOf(starts, start);
      const before = ends[place - 1] ?? 0;
      const after = starts[place] ?? Infinity;
      if (before > start || end > after)
        throw new ArchiveError('MALFORMED', 'The zip archive has entries that overlap.');
      starts.splice(place, 0, start);
      ends.splice(place, 0, end);
    },
  };
}

/** Index of the first that is larger. Directories are mostly in order, so the end is tried first. */
function placeOf(sorted: readonly number[], value: number): number {
  if (value >= (sorted.at(-1) ?? -Infinity)) return sorted.length;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
