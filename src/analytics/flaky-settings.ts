import type { ServiceContext } from '../context.ts';
import { columnName } from '../db/columns.ts';
import { join, type Sql, sql, verbatim } from '../db/sql.ts';
import { defaultFlakySettings, type FlakySettingsOf } from '../domain/flaky-settings.ts';

const columns = Object.keys(defaultFlakySettings).map((field) =>
  verbatim(`s.${columnName(field)} AS "${field}"`),
);

/** How a repository judges its tests: JSON, a scalar subquery. */
export function settingsOf(organizationId: string, repositoryId: Sql): Sql {
  return sql`coalesce((SELECT row_to_json(said) FROM (SELECT ${join(columns)} FROM flaky_settings s
      WHERE s.organization_id = ${organizationId}::uuid AND s.repository_id = ${repositoryId}) said),
    ${JSON.stringify(defaultFlakySettings)}::json)`;
}

/** Gives the settings of repositories by their ids, in that order: one statement. */
export async function settingsOfRepositories(
  { db, tenant: { organizationId } }: ServiceContext,
  ids: readonly string[],
): Promise<FlakySettingsOf[]> {
  const found = await db.read<{ settings: FlakySettingsOf }>(
    sql`SELECT ${settingsOf(organizationId, sql`asked.id`)} AS settings
      FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS asked (id, place) ORDER BY place`,
  );
  return found.map(({ settings }) => settings);
}
