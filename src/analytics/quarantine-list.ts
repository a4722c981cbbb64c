import type { ServiceContext } from '../context.ts';
import { type Sql, sql } from '../db/sql.ts';
import { instant } from './answer-sql.ts';

/** What a list for runners holds at most. More is cut off, the latest first. */
const most = { tests: 10_000, bytes: 16 * 1024 * 1024 } as const;

/** Which list it is: another one as soon as anything in it changes. */
export interface QuarantineVersion {
  /** `owner/name`, as first written. */
  readonly repository: string;
  /** Letters, digits, `.` and `-`. */
  readonly version: string;
}

/** The tests of a repository that are in quarantine. */
export interface QuarantineList extends QuarantineVersion {
  /** JSON of an array of tests, the latest first. */
  readonly tests: string;
  /** False when there are more than the list can hold. */
  readonly isComplete: boolean;
}

/** Gives the version of a repository's list; null when there is no such repository. Reads no test. */
export async function quarantineVersion(
  ctx: ServiceContext,
  slug: string,
): Promise<QuarantineVersion | null> {
  const [found] = await ctx.db.read<QuarantineVersion>(
    sql`SELECT ${version(ctx, ctx.now())} FROM ${repository(ctx, slug)}`,
  );
  return found ?? null;
}

/** Gives a repository's list with its version, of one moment; null when there is no such repository. */
export async function quarantineList(
  ctx: ServiceContext,
  slug: string,
): Promise<QuarantineList | null> {
  const { organizationId } = ctx.tenant;
  const now = ctx.now();
  const [found] = await ctx.db.read<QuarantineList>(
    sql`SELECT ${version(ctx, now)}, list.* FROM ${repository(ctx, slug)} CROSS JOIN LATERAL (
      SELECT '[' || coalesce(string_agg(test, ',' ORDER BY place) FILTER (WHERE fits), '') || ']' AS tests,
        coalesce(bool_and(fits), true) AS "isComplete"
      FROM (SELECT test, place,
          place <= ${most.tests}::int AND sum(octet_length(test)) OVER (ORDER BY place) <= ${most.bytes}::int AS fits
        FROM (SELECT row_to_json(shown)::text AS test, row_number() OVER (ORDER BY since DESC, id DESC) AS place
          FROM (SELECT q.since, c.id, (SELECT item FROM (SELECT ${testColumns}) item) AS shown
            FROM quarantines q CROSS JOIN LATERAL (${names(organizationId)}) named
            JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = named.id
            WHERE q.organization_id = ${organizationId}::uuid AND q.repository_id = r.id AND q.mode <> 'NEVER'
              AND (q.expires_at IS NULL OR q.expires_at > ${now}::timestamptz)
            ORDER BY q.since DESC, c.id DESC LIMIT ${most.tests + 1}::int) latest) numbered) measured) list`,
  );
  return found ?? null;
}

const testColumns: Sql = sql`c.id, c.suite, c.class_name AS "className", c.name, c.file, c.variant,
  q.mode, q.reason, q.owner, ${instant(sql`q.expires_at`)} AS "expiresAt"`;

/** The test and all that were merged into it, whose results count for it: on older branches it has its former name. */
function names(organizationId: string): Sql {
  return sql`WITH RECURSIVE named (id) AS (
      SELECT q.test_case_id
      UNION ALL SELECT a.alias_id FROM named n JOIN test_case_aliases a
        ON a.organization_id = ${organizationId}::uuid AND a.test_case_id = n.id
      WHERE NOT EXISTS (SELECT FROM quarantines own
        WHERE own.organization_id = a.organization_id AND own.test_case_id = a.alias_id))
    SELECT id FROM named`;
}

/** The repository as `r`, with what tells its lists apart. */
function repository({ tenant: { organizationId } }: ServiceContext, slug: string): Sql {
  return sql`(SELECT id, owner || '/' || name AS full_name FROM repositories
    WHERE organization_id = ${organizationId}::uuid AND slug = ${slug}) r`;
}

/**
 * Counts changes, and says when the last quarantine ended by itself that is still to be swept away: a list changes at
 * that moment, with nobody to count.
 */
function version({ tenant: { organizationId } }: ServiceContext, now: Date): Sql {
  return sql`r.full_name AS repository, left(r.id::text, 8) || '.' || coalesce((SELECT v.revision FROM quarantine_revisions v
      WHERE v.organization_id = ${organizationId}::uuid AND v.repository_id = r.id), 0)
    || '.' || coalesce((SELECT extract(epoch FROM max(e.expires_at)) * 1000 FROM quarantines e
      WHERE e.organization_id = ${organizationId}::uuid AND e.repository_id = r.id
        AND e.expires_at <= ${now}::timestamptz)::bigint, 0) AS version`;
}
