import { createHash, randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { ServiceContext } from '../context.ts';
import type { HeldKind } from '../db/generated/prisma/enums.ts';
import { lockNames } from '../db/lock.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import { holdBuild } from './find-build.ts';
import { buildLock } from './lock-order.ts';

/** What was stored, or null when it waits for its build. */
export interface StoredOrHeld<Stored> {
  readonly stored: Stored | null;
}

/**
 * Stores what a client sends for a build. When there is no such build, it is kept until the build comes, and stored
 * then: it may have been overtaken, or its build may have failed to arrive (Contract: buildbutler.md 6). So is what
 * needs a repository, until the build has one. Another organization's build is none.
 *
 * @param input of the verb; plain data, held as it is
 */
export async function storeOrHold<Input extends { readonly buildId: string }, Stored>(
  ctx: ServiceContext,
  kind: HeldKind,
  input: Input,
  verb: (ctx: ServiceContext, input: Input) => Promise<Stored>,
): Promise<StoredOrHeld<Stored>> {
  let missing: Missing;
  try {
    return { stored: await verb(ctx, input) };
  } catch (error) {
    missing = missingOf(error);
  }
  if (await hold(ctx, kind, input, missing)) return { stored: null };
  return { stored: await verb(ctx, input) }; // its build came meanwhile
}

/** What has to come before the message can be stored. */
type Missing = 'build' | 'repository';

function missingOf(error: unknown): Missing {
  if (error instanceof NotFoundError) return 'build';
  const isOfRepository =
    error instanceof ValidationError && error.issues.every(({ path }) => path[1] === 'repository');
  if (isOfRepository) return 'repository';
  throw error;
}

/** False when what was missing is there after all. */
async function hold(
  { db, tenant: { organizationId }, now }: ServiceContext,
  kind: HeldKind,
  input: { readonly buildId: string },
  missing: Missing,
): Promise<boolean> {
  const content = serialize(input);
  const digest = createHash('sha256').update(kind).update(content).digest();
  return inTransaction(db.pool, async (tx) => {
    await lockNames(tx, [buildLock(organizationId, input.buildId)]);
    const build = await holdBuild(tx, organizationId, input.buildId);
    if (build !== undefined && (missing === 'build' || build.repositoryId !== null)) return false;
    await query(
      tx,
      sql`INSERT INTO held_messages (organization_id, id, build_id, kind, content, digest, received_at)
        VALUES (${organizationId}::uuid, ${randomUUID()}::uuid, ${input.buildId}::uuid, ${kind}::held_kind,
          ${content}, ${digest}, ${now()}::timestamptz)
        ON CONFLICT DO NOTHING`,
    );
    return true;
  });
}

/** Gives the input that was held. */
export function heldInput(content: Uint8Array): unknown {
  return deserialize(content);
}
