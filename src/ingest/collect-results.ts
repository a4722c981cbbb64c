import type { Queryable } from '../db/sql.ts';
import type { FileTally } from './file-tally.ts';
import type { ResultParents } from './find-parents.ts';
import { identifyResults, type ReadResult } from './identify-results.ts';
import { createStage, type ResultSource, rowsInPlace, type Stage } from './result-source.ts';
import { dayMs } from '../domain/time.ts';

/** What is held in memory before it is staged. */
const mostResults = 2_000;
const mostCharacters = 4_000_000;

export interface Collected {
  readonly source: ResultSource;
  /** Days on which attempts ran, one instant of each. */
  readonly days: readonly Date[];
}

/** Reads all results. A few stay in memory; more are staged in tables of this transaction as they come. */
export async function collectResults(
  tx: Queryable,
  parents: ResultParents,
  pieces: AsyncIterable<readonly ReadResult[]>,
  tallies: readonly FileTally[],
): Promise<Collected> {
  const days = new Map<number, Date>();
  let stage: Stage | undefined;
  let held: ReadResult[] = [];
  let characters = 0;

  for await (const piece of pieces) {
    for (const read of piece) {
      held.push(read);
      characters += sizeOf(read);
      const at = read.result.recordedAt ?? parents.recordedAt;
      days.set(Math.floor(at.getTime() / dayMs), at);
    }
    if (held.length < mostResults && characters < mostCharacters) continue;
    stage ??= await createStage(tx);
    await stage.add(identifyResults(parents, held));
    held = [];
    characters = 0;
  }

  const rest = identifyResults(parents, held);
  if (stage === undefined) {
    return { source: rowsInPlace(rest, tallies.length), days: [...days.values()] };
  }
  await stage.add(rest);
  return { source: await stage.source(tallies.length), days: [...days.values()] };
}

/** Characters of all its texts. */
function sizeOf({ result }: ReadResult): number {
  let size = 0;
  for (const value of Object.values(result)) if (typeof value === 'string') size += value.length;
  for (const [name, value] of Object.entries(result.properties ?? {})) {
    size += name.length + value.length;
  }
  return size;
}
