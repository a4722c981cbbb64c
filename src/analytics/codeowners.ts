import type { CodeownersDialect } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import type { CodeownersProblem } from '../domain/codeowners.ts';

/** The CODEOWNERS file of a repository that is in force now, as JSON. */
export interface CurrentCodeowners {
  readonly commitSha: string | null;
  readonly path: string | null;
  readonly dialect: CodeownersDialect;
  /** As JSON has it. */
  readonly recordedAt: string;
  readonly ruleCount: number;
  readonly problems: readonly CodeownersProblem[];
  readonly problemCount: number;
}

/** The latest CODEOWNERS file of a repository: JSON, a scalar subquery; null when there is none. */
export function currentCodeowners(organizationId: string, repositoryId: Sql): Sql {
  return sql`(SELECT json_build_object('commitSha', v.commit_sha, 'path', v.path, 'dialect', f.dialect,
      'recordedAt', v.recorded_at, 'ruleCount', f.rule_count, 'problems', f.problems, 'problemCount', f.problem_count)
    FROM codeowners_versions v
    JOIN codeowners_files f ON f.organization_id = v.organization_id AND f.digest = v.digest
    WHERE v.organization_id = ${organizationId}::uuid AND v.repository_id = ${repositoryId}
    ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1)`;
}
