import { uploadOf } from '../db/note-analytics.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';

/** Results of these uploads, with the name of theirs as `upload`: a select. */
export function resultsOfUploads(organizationId: string, uploads: readonly string[]): Sql {
  const idsOf = (kind: string): string[] =>
    uploads.flatMap((name) => (name.startsWith(kind) ? [name.slice(kind.length)] : []));
  const select = sql`SELECT ${uploadOf('r')} AS upload, r.recorded_at, r.id, r.repository_id, r.test_case_id, r.status, r.guard
    FROM test_results r WHERE r.organization_id = ${organizationId}::uuid`;
  return sql`${select} AND r.submission_id = ANY (${idsOf('submission ')}::text[])
    UNION ALL ${select} AND r.build_id = ANY (${idsOf('build ')}::uuid[]) AND r.submission_id IS NULL
    UNION ALL ${select} AND r.invocation_id = ANY (${idsOf('invocation ')}::uuid[]) AND r.build_id IS NULL
      AND r.submission_id IS NULL`;
}

/** When the oldest result was that is stored: what is older was counted before it went, and stays as it is. */
export function oldestResult(organizationId: string): Sql {
  return sql`(SELECT min(recorded_at) FROM test_results WHERE organization_id = ${organizationId}::uuid)`;
}

/** Key of the suite of a test case `c`; names may be longer than an index takes. */
export const suiteKey: Sql = verbatim(
  `left(encode(sha256(convert_to(c.suite, 'UTF8')), 'hex'), 24)`,
);
