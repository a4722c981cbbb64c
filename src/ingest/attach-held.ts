import type { ServiceContext, Tenant } from '../context.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import type { HeldKind } from '../db/generated/prisma/enums.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { DomainError } from '../errors.ts';
import { systemTenant } from '../identity/system-tenant.ts';
import { attachHeldLog } from './attach-build-log.ts';
import { heldInput } from './hold-message.ts';
import { recordSecurityDocument } from './record-security-document.ts';
import { recordStages } from './record-stages.ts';
import { recordTestResults } from './record-test-results.ts';
import type { Reject } from './rejects.ts';

type Verb = (
  ctx: ServiceContext,
  input: never,
) => Promise<{ readonly rejected?: readonly Reject[] } | undefined>;

/** The most rejects of one message that are logged. */
const mostLogged = 20;

/** What stores each kind. What was held is the input of just that verb. */
const verbs: Readonly<Partial<Record<HeldKind, Verb>>> = {
  STAGES: recordStages,
  TEST_RESULTS: recordTestResults,
  SECURITY_REPORT: (ctx, input) => recordSecurityDocument(ctx, input).then(() => undefined),
  LOG: attachHeldLog,
};

/** Whether anything is held for a build known by one of the ids. */
export async function isHeldFor(
  tx: Queryable,
  { organizationId }: Tenant,
  ids: readonly string[],
): Promise<boolean> {
  const [found] = await query<{ id: string }>(
    tx,
    sql`SELECT id FROM held_messages
      WHERE organization_id = ${organizationId}::uuid AND build_id = ANY (${ids}::uuid[]) LIMIT 1`,
  );
  return found !== undefined;
}

/** No id comes before it. */
const leastId = '00000000-0000-0000-0000-000000000000';

interface Place {
  readonly receivedAt: Date;
  readonly id: string;
}

interface Held extends Place {
  /** As its sender named the build. */
  readonly buildId: string;
  readonly kind: HeldKind;
  readonly content: Uint8Array;
}

/**
 * Stores what was held for the build, in the order it came. What cannot be stored stays held, and keeps nothing else
 * back: a build may still learn its repository, and a fault of ours may be mended. Each is stored before it is let go,
 * and storing it twice is storing it once. Never throws: the build itself is stored, whatever becomes of these.
 */
export async function attachHeld(
  ctx: ServiceContext,
  build: Pick<Build, 'organizationId' | 'id'>,
): Promise<void> {
  try {
    await attachEach(ctx, build);
  } catch (error) {
    ctx.log.error({ err: error, build: build.id }, 'what is held for a build stays held');
  }
}

async function attachEach(
  ctx: ServiceContext,
  { organizationId, id: buildId }: Pick<Build, 'organizationId' | 'id'>,
): Promise<void> {
  let after: Place = { receivedAt: new Date(0), id: leastId };
  for (;;) {
    const held = await nextHeld(ctx, organizationId, buildId, after);
    if (held === undefined) return;
    after = held;
    if (await isStored(ctx, held)) await letGo(ctx, organizationId, held.id);
  }
}

async function nextHeld(
  { db }: ServiceContext,
  organizationId: string,
  buildId: string,
  after: Place,
): Promise<Held | undefined> {
  // One at a time: each may hold megabytes.
  const [held] = await query<Held>(
    db.pool,
    sql`SELECT id, build_id AS "buildId", received_at AS "receivedAt", kind, content FROM held_messages h
      WHERE organization_id = ${organizationId}::uuid AND build_id IN (
        SELECT ${buildId}::uuid UNION ALL SELECT alias FROM build_aliases
        WHERE organization_id = ${organizationId}::uuid AND build_id = ${buildId}::uuid)
        AND (received_at, id) > (${after.receivedAt}::timestamptz, ${after.id}::uuid)
      ORDER BY received_at, id LIMIT 1`,
  );
  return held;
}

async function isStored(
  ctx: ServiceContext,
  { id, buildId, kind, content }: Held,
): Promise<boolean> {
  const held = { heldMessage: id, kind, build: buildId };
  try {
    // What `storeOrHold` was given for this verb.
    const stored = await verbs[kind]?.(ctx, heldInput(content) as never);
    logRejects(ctx, held, stored?.rejected ?? []);
    return true;
  } catch (error) {
    if (error instanceof DomainError)
      ctx.log.warn({ ...held, reason: error.message }, 'a held message stays held');
    else ctx.log.error({ ...held, err: error }, 'a held message stays held');
    return false;
  }
}

/** Its sender was answered before anybody looked at the items. */
function logRejects({ log }: ServiceContext, held: object, rejected: readonly Reject[]): void {
  if (rejected.length === 0) return;
  const shown = rejected.slice(0, mostLogged);
  const message = 'items of a held message could not be stored';
  log.warn({ ...held, rejectedCount: rejected.length, rejected: shown }, message);
}

async function letGo({ db }: ServiceContext, organizationId: string, id: string): Promise<void> {
  await query(
    db.pool,
    sql`DELETE FROM held_messages WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid`,
  );
}

const mostBuildsAtOnce = 100;

/** Stores what is held though its build is there: a gateway ended before it was done. */
export async function attachAllHeld(system: Omit<ServiceContext, 'tenant'>): Promise<void> {
  let after: Pick<Build, 'organizationId' | 'id'> | undefined = {
    organizationId: leastId,
    id: leastId,
  };
  while (after !== undefined) {
    const builds = await waitedFor(system, after);
    for (const build of builds) {
      await attachHeld({ ...system, tenant: systemTenant(build.organizationId) }, build);
    }
    after = builds.at(-1);
  }
}

/** The next builds that are there though something is held for them. */
async function waitedFor(
  { db }: Pick<ServiceContext, 'db'>,
  after: Pick<Build, 'organizationId' | 'id'>,
): Promise<Pick<Build, 'organizationId' | 'id'>[]> {
  return query(
    db.pool,
    sql`SELECT DISTINCT b.organization_id AS "organizationId", b.id FROM held_messages h
      LEFT JOIN build_aliases a ON a.organization_id = h.organization_id AND a.alias = h.build_id
      JOIN builds b ON b.organization_id = h.organization_id AND b.id = coalesce(a.build_id, h.build_id)
      WHERE (b.organization_id, b.id) > (${after.organizationId}::uuid, ${after.id}::uuid)
      ORDER BY 1, 2 LIMIT ${mostBuildsAtOnce}`,
  );
}

/** Forgets what was held for longer than uploads are kept. */
export async function expireHeld(
  { db, now }: Pick<ServiceContext, 'db' | 'now'>,
  keptDays: number,
): Promise<void> {
  await query(
    db.pool,
    sql`DELETE FROM held_messages
      WHERE received_at < ${now()}::timestamptz - make_interval(days => ${keptDays}::int)`,
  );
}
