import { randomUUID } from 'node:crypto';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { type AttachedLog, attachBuildLog, type KeptLog } from './attach-build-log.ts';
import { storeOrHold } from './hold-message.ts';
import type { LogIndex } from './index-log.ts';
import { keepLoose, removeLoose } from './loose-blobs.ts';
import { type LogMembers, maxLogBytes, packLog } from './pack-log.ts';
import { recordBuild, type RecordBuildInput } from './record-build.ts';

export interface RecordBuildLogInput {
  /** The build, by its id or any other that it was sent with. */
  readonly buildId: string;
  /** What the sender says of the build, should it not be known. */
  readonly build?: RecordBuildInput | null;
}

/** A log that was received, packed, on local disk. Whoever received it removes its file. */
export interface ReceivedLog {
  readonly file: SpooledFile;
  readonly index: LogIndex & LogMembers;
}

/**
 * Takes a log to disk, packed: memory does not grow with it.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {TooLargeError} when it has more than 2 GiB
 */
export async function receiveBuildLog(
  { tenant, uploads }: UploadContext,
  log: AsyncIterable<Uint8Array>,
): Promise<ReceivedLog> {
  requireCapability(tenant, 'INGEST');
  const { bytes, index } = packLog(log);
  const file = await uploads.spool.receive(bytes, { name: 'log', maxBytes: 2 * maxLogBytes });
  return { file, index: index() };
}

/**
 * Stores a log, of UTF-8 text, as the log of its build, in place of the one it had. A build that is not known is made
 * of what the sender says of it; if that is not enough, the log is held until the build comes, and the answer is null
 * (Contract: buildbutler.md 6 and 7.5). Kept as long as the build.
 *
 * @param input what the log belongs to; asked for when the log has been read, as it may stand behind the log
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {TooLargeError} when it has more than 2 GiB
 * @throws what the log and the input throw; nothing is kept then
 */
export async function recordBuildLog(
  ctx: UploadContext,
  input: () => RecordBuildLogInput,
  log: AsyncIterable<Uint8Array>,
): Promise<AttachedLog | null> {
  const received = await receiveBuildLog(ctx, log);
  try {
    const { buildId, build } = input();
    return await keepAndAttach(ctx, buildId, received, async (kept) => {
      const known = await attachIfKnown(ctx, kept);
      if (known !== null) return known;
      if (build != null) await makeBuild(ctx, { ...build, id: buildId });
      return (await storeOrHold(ctx, 'LOG', kept, attachBuildLog)).stored;
    });
  } finally {
    await received.file.remove();
  }
}

/** Keeps the blob only for as long as something points to it. */
export async function keepAndAttach<Attached extends AttachedLog | null>(
  ctx: UploadContext,
  buildId: string,
  { file, index }: ReceivedLog,
  attach: (kept: KeptLog) => Promise<Attached>,
): Promise<Attached> {
  const { organizationId } = ctx.tenant;
  const blobKey = `logs/${organizationId}/${randomUUID()}`;
  try {
    await keepLoose(ctx, blobKey, file);
    const kept = { buildId, blobKey, storedBytes: file.sizeBytes, receivedAt: ctx.now(), ...index };
    const attached = await attach(kept);
    if (attached?.replaced != null) await removeLoose(ctx, organizationId, attached.replaced);
    return attached;
  } catch (error) {
    await removeLoose(ctx, organizationId, blobKey);
    throw error;
  }
}

async function attachIfKnown(ctx: UploadContext, kept: KeptLog): Promise<AttachedLog | null> {
  try {
    return await attachBuildLog(ctx, kept);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** What is said of the build may be too odd for one: then the log waits. */
async function makeBuild(ctx: UploadContext, build: RecordBuildInput): Promise<void> {
  try {
    await recordBuild(ctx, build);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    ctx.log.warn(
      { buildId: build.id, reason: error.message },
      'a log does not say enough of its build',
    );
  }
}
