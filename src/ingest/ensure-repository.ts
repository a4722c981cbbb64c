import type { z } from 'zod';
import { type Queryable, query, sql } from '../db/sql.ts';
import { noteFailingTests } from '../db/note-analytics.ts';
import type { RepositoryInput } from '../domain/fields.ts';

/**
 * Gives the id of the repository, made at its first mention. Owner and name are the identity, in any
 * letter case; what else is said fills what is not known yet.
 */
export async function ensureRepository(
  tx: Queryable,
  organizationId: string,
  { owner, name, provider, defaultBranch, url }: z.output<typeof RepositoryInput>,
): Promise<string> {
  const [known] = await query<{ id: string; complete: boolean; learnsBranch: boolean }>(
    tx,
    sql`SELECT id, (provider IS NOT NULL OR ${provider}::text IS NULL)
        AND (default_branch IS NOT NULL OR ${defaultBranch}::text IS NULL)
        AND (url IS NOT NULL OR ${url}::text IS NULL) AS complete,
        default_branch IS NULL AND ${defaultBranch}::text IS NOT NULL AS "learnsBranch"
      FROM repositories
      WHERE organization_id = ${organizationId}::uuid AND slug = lower(${owner} || '/' || ${name})`,
  );
  if (known?.complete) return known.id;

  const [stored] = await query<{ id: string }>(
    tx,
    sql`INSERT INTO repositories AS r
        (organization_id, id, slug, owner, name, provider, default_branch, url)
      VALUES (${organizationId}::uuid, gen_random_uuid(), lower(${owner} || '/' || ${name}),
        ${owner}, ${name}, ${provider}, ${defaultBranch}, ${url})
      ON CONFLICT (organization_id, slug) DO UPDATE SET
        provider = coalesce(r.provider, EXCLUDED.provider),
        default_branch = coalesce(r.default_branch, EXCLUDED.default_branch),
        url = coalesce(r.url, EXCLUDED.url)
      RETURNING id`,
  );
  if (stored === undefined) throw new Error('an upsert of a repository returned no row');
  if (known?.learnsBranch) await noteFailingTests(tx, organizationId, known.id); // some ran on what is now the default branch
  return stored.id;
}
