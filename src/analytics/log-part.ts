import type { Readable } from 'node:stream';
import type { UploadContext } from '../context.ts';
import { query, sql } from '../db/sql.ts';
import { readLog, type StoredLog } from './find-log.ts';
import { openLog, type TextRange } from './open-log.ts';

/** A log, or one section of it, that is about to be read as a file. */
export interface LogPart {
  /** Changes with the log; of letters, digits and dashes. */
  readonly version: string;
  readonly sizeBytes: number;
  /** Bytes of it as they are stored, if they are one member of gzip: not every client reads more. */
  readonly packedBytes: number | null;
}

/** What is opened of a part: a range of its text, or all of it as it is stored; null opens nothing. */
export type Opened = TextRange | 'packed' | null;

/**
 * Opens the log of a build, or the section with a name. Null when there is none.
 *
 * @param choose what is to be read, when it is known how large it is
 * @throws {ForbiddenError} without the `READ` capability
 */
export async function openLogPart<Chosen extends { readonly open: Opened }>(
  ctx: UploadContext,
  { buildId, section }: { readonly buildId: string; readonly section: string | null },
  choose: (part: LogPart) => Chosen,
): Promise<{ readonly chosen: Chosen; readonly bytes: Readable | null } | null> {
  const { blobs } = ctx.uploads;
  return readLog(ctx, buildId, async (log) => {
    const place = section === null ? wholeOf(log) : await findSection(ctx, log, section);
    if (place === null) return null;
    const chosen = choose(toPart(log, place));
    const { open } = chosen;
    if (open === null) return { chosen, bytes: null };
    if (open === 'packed') return { chosen, bytes: await blobs.read(log.blobKey) };
    const range = { start: place.start + open.start, end: place.start + open.end };
    return { chosen, bytes: await openLog(blobs, log, range) };
  });
}

interface Place extends TextRange {
  /** Place among the sections; null for the whole log. */
  readonly position: number | null;
}

function wholeOf({ sizeBytes }: StoredLog): Place {
  return { start: 0, end: sizeBytes, position: null };
}

function toPart(log: StoredLog, { start, end, position }: Place): LogPart {
  const version = log.blobKey.slice(log.blobKey.lastIndexOf('/') + 1);
  const isPackable = position === null && log.memberOffsets.length === 1;
  return {
    version: position === null ? version : `${version}-${String(position)}`,
    sizeBytes: end - start,
    packedBytes: isPackable ? log.storedBytes : null,
  };
}

/** The first with the name. */
async function findSection(
  { db }: UploadContext,
  { organizationId, buildId }: StoredLog,
  name: string,
): Promise<Place | null> {
  const [found] = await query<{ position: number; start: bigint; size: bigint }>(
    db.pool,
    sql`SELECT position, byte_offset AS start, size_bytes AS size FROM build_log_sections
      WHERE organization_id = ${organizationId}::uuid AND build_id = ${buildId}::uuid AND name = ${name}
      ORDER BY position LIMIT 1`,
  );
  if (found === undefined) return null;
  const start = Number(found.start);
  return { start, end: start + Number(found.size), position: found.position };
}
