import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { columnName, selectList } from '../db/columns.ts';
import type { FlakySettings, Repository } from '../db/generated/prisma/client.ts';
import { noteFailingTests, noteUploads } from '../db/note-analytics.ts';
import { requireRepository } from '../db/require-rows.ts';
import { hasFailed } from '../db/outcome-rules.ts';
import { inTransaction, join, type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { toRecords } from '../db/upsert.ts';
import { uuid } from '../domain/fields.ts';
import {
  defaultFlakySettings,
  flakySettingRanges,
  type FlakySettingsOf,
} from '../domain/flaky-settings.ts';
import { parseInput } from '../domain/parse-input.ts';
import { requireCapability } from '../identity/require-capability.ts';

function whole(setting: keyof FlakySettingsOf) {
  const [least, most] = flakySettingRanges[setting];
  return z
    .number({ error: 'must be a number: this cannot be turned off' })
    .int({ error: 'must be a whole number' })
    .min(least, { error: `must be at least ${String(least)}` })
    .max(most, { error: `must be at most ${String(most)}` })
    .optional();
}

const SetFlakySettingsInput = z.object({
  repositoryId: uuid,
  alarmDays: whole('alarmDays'),
  alarmHalves: whole('alarmHalves'),
  recoverDays: whole('recoverDays'),
  brokenStates: whole('brokenStates'),
  fixStates: whole('fixStates'),
  outagePercent: whole('outagePercent').nullable(),
  outageTests: whole('outageTests'),
  statisticalPercent: whole('statisticalPercent'),
  statisticalResults: whole('statisticalResults'),
  quarantinePercent: whole('quarantinePercent').nullable(),
});

/** The repository, and what is to be otherwise; null is refused where a rule cannot be turned off. */
export type SetFlakySettingsInput = { readonly repositoryId: string } & {
  readonly [Setting in keyof FlakySettingsOf]?: number | null | undefined;
};

/**
 * Changes how a repository judges its tests: what is absent stays as it is, and null turns a rule off where that can
 * be. All tests of it that failed, or were held for something, are judged anew.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if there is no such repository
 * @throws {ValidationError} naming each setting that is out of its range
 */
export async function setFlakySettings(
  ctx: ServiceContext,
  input: SetFlakySettingsInput,
): Promise<Repository> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { repositoryId, ...asked } = parseInput(SetFlakySettingsInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    // Held: two changes of some settings each keep the other.
    const repository = await requireRepository(tx, organizationId, repositoryId, { hold: true });
    const before = await settingsOf(tx, organizationId, repositoryId);
    const after = { ...before, ...said(asked) };
    if (isSame(before, after)) return repository;
    await writeSettings(tx, { organizationId, repositoryId, ...after });
    await noteFailingTests(tx, organizationId, repositoryId);
    if (before.outagePercent !== after.outagePercent || before.outageTests !== after.outageTests) {
      await noteUploads(
        tx,
        organizationId,
        sql`r.repository_id = ${repositoryId}::uuid AND ${hasFailed('r')}`,
      );
    }
    return repository;
  });
}

const names = Object.keys(defaultFlakySettings) as (keyof FlakySettingsOf)[]; // an object of ours

async function settingsOf(
  tx: Queryable,
  organizationId: string,
  repositoryId: string,
): Promise<FlakySettingsOf> {
  const [stored] = await query<FlakySettingsOf>(
    tx,
    sql`SELECT ${selectList(names)} FROM flaky_settings t
      WHERE t.organization_id = ${organizationId}::uuid AND t.repository_id = ${repositoryId}::uuid`,
  );
  return stored ?? defaultFlakySettings;
}

function said(asked: Omit<z.output<typeof SetFlakySettingsInput>, 'repositoryId'>): object {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

function isSame(before: FlakySettingsOf, after: FlakySettingsOf): boolean {
  return names.every((name) => before[name] === after[name]);
}

async function writeSettings(tx: Queryable, settings: FlakySettings): Promise<void> {
  const changed = names.map((field) =>
    verbatim(`${columnName(field)} = EXCLUDED.${columnName(field)}`),
  );
  await query(
    tx,
    sql`INSERT INTO flaky_settings
      SELECT * FROM json_populate_recordset(NULL::flaky_settings, ${toRecords([settings])}::json)
      ON CONFLICT (organization_id, repository_id) DO UPDATE SET ${join(changed)}`,
  );
}
