import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import { errorCode } from '../error-code.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { type AttachedLog, attachBuildLog } from './attach-build-log.ts';
import { requireBuild } from './find-build.ts';
import { keepAndAttach, receiveBuildLog } from './record-build-log.ts';

/**
 * Stores a file, of UTF-8 text or packed in gzip, as the log of a build, in place of the one it had.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if there is no such build
 * @throws {TooLargeError} when the log has more than 2 GiB
 * @throws {ValidationError} when the file begins like gzip and is none
 */
export async function uploadBuildLog(
  ctx: UploadContext,
  { buildId }: { readonly buildId: string },
  file: SpooledFile,
): Promise<AttachedLog> {
  requireCapability(ctx.tenant, 'INGEST');
  await requireBuild(ctx.db.pool, ctx.tenant.organizationId, buildId); // before anything is written
  return ctx.uploads.limit(async () => {
    const received = await receiveBuildLog(ctx, textOf(file));
    try {
      return await keepAndAttach(ctx, buildId, received, (kept) => attachBuildLog(ctx, kept));
    } finally {
      await received.file.remove();
    }
  });
}

async function* textOf({ path }: SpooledFile): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(await isGzip(path))) {
    yield* createReadStream(path);
    return;
  }
  try {
    // What goes wrong on the way comes out of the last stream.
    yield* pipeline(createReadStream(path), createGunzip(), () => undefined);
  } catch (error) {
    if (!errorCode(error).startsWith('Z_')) throw error; // zlib's own
    throw new ValidationError([{ path: ['file'], message: 'is no gzip, or ends too early' }]);
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
