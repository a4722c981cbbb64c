import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { Repository } from '../db/generated/prisma/client.ts';
import { NameFoldingRule } from '../db/generated/prisma/enums.ts';
import { query, sql } from '../db/sql.ts';
import { list, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';

const SetNameFoldingInput = z.object({
  repositoryId: uuid,
  rules: list(z.enum(NameFoldingRule), 100),
});
export interface SetNameFoldingInput {
  readonly repositoryId: string;
  readonly rules: readonly NameFoldingRule[];
}

/**
 * Says which parts of test names a repository folds away, in results that come from now on; what is stored stays as
 * it is, and a result that is sent again meets its own row.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if there is no such repository
 */
export async function setNameFolding(
  ctx: ServiceContext,
  input: SetNameFoldingInput,
): Promise<Repository> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { repositoryId, rules } = parseInput(SetNameFoldingInput, input);
  const asked = Object.values(NameFoldingRule).filter((rule) => rules.includes(rule));
  const [repository] = await query<Repository>(
    ctx.db.pool,
    sql`UPDATE repositories t SET name_folding = ${asked}::name_folding_rule[]
      WHERE t.organization_id = ${ctx.tenant.organizationId}::uuid AND t.id = ${repositoryId}::uuid
      RETURNING ${selectList(fieldsOf('Repository'))}`,
  );
  if (repository === undefined) throw new NotFoundError(`there is no repository ${repositoryId}`);
  return repository;
}
