import { settingsOf } from '../../analytics/flaky-settings.ts';
import type { Repository } from '../../db/generated/prisma/client.ts';
import {
  defaultFlakySettings,
  flakySettingRanges,
  type FlakySettingsOf,
} from '../../domain/flaky-settings.ts';
import { NotFoundError } from '../../errors.ts';
import { setFlakySettings } from '../../triage/set-flaky-settings.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';
import { databaseId } from '../node-id.ts';
import { derived } from '../related.ts';
import { RepositoryRef } from './repository.ts';

/** What a setting means, from the schema of the database, with what it may be. */
function described(setting: keyof FlakySettingsOf): string {
  const [least, most] = flakySettingRanges[setting].map((end) => end.toLocaleString('en'));
  const range = `${String(least)} to ${String(most)}; ${String(defaultFlakySettings[setting])} unless set.`;
  return `${describe('FlakySettings', setting)} ${range}`;
}

const descriptions = {
  alarmDays: described('alarmDays'),
  alarmHalves: described('alarmHalves'),
  recoverDays: described('recoverDays'),
  brokenStates: described('brokenStates'),
  fixStates: described('fixStates'),
  outagePercent: described('outagePercent'),
  outageTests: described('outageTests'),
  statisticalPercent: described('statisticalPercent'),
  statisticalResults: described('statisticalResults'),
  quarantinePercent: `${described('quarantinePercent')} Counted over the last 14 days (UTC) of a test with at least 10 results in them; of a statistical disruptor, failures count as disruptions. Such a quarantine ends when that is so no more and the test has been clean for a week, or when this is turned off.`,
} satisfies Record<keyof FlakySettingsOf, string>;

const FlakySettingsRef = builder.objectRef<FlakySettingsOf>('FlakySettings').implement({
  description: 'How a repository judges its tests.',
  fields: (t) => ({
    alarmDays: t.exposeInt('alarmDays', { description: descriptions.alarmDays }),
    alarmHalves: t.exposeInt('alarmHalves', { description: descriptions.alarmHalves }),
    recoverDays: t.exposeInt('recoverDays', { description: descriptions.recoverDays }),
    brokenStates: t.exposeInt('brokenStates', { description: descriptions.brokenStates }),
    fixStates: t.exposeInt('fixStates', { description: descriptions.fixStates }),
    outagePercent: t.exposeInt('outagePercent', {
      nullable: true,
      description: descriptions.outagePercent,
    }),
    outageTests: t.exposeInt('outageTests', { description: descriptions.outageTests }),
    statisticalPercent: t.exposeInt('statisticalPercent', {
      description: descriptions.statisticalPercent,
    }),
    statisticalResults: t.exposeInt('statisticalResults', {
      description: descriptions.statisticalResults,
    }),
    quarantinePercent: t.exposeInt('quarantinePercent', {
      nullable: true,
      description: descriptions.quarantinePercent,
    }),
  }),
});

builder.prismaObjectFields('Repository', (t) => ({
  flakySettings: t.field({
    type: FlakySettingsRef,
    description: 'How it judges its tests.',
    authScopes: { capability: 'READ' },
    ...derived<Repository, FlakySettingsOf>('id', settingsOf, (id, { loaders }) =>
      loaders.flakySettings(id),
    ),
  }),
}));

const SetFlakySettingsInput = builder.inputType('SetFlakySettingsInput', {
  description: 'How a repository shall judge its tests. What is absent stays as it is.',
  fields: (t) => ({
    repositoryId: t.id({
      required: true,
      description: 'The repository, by its `id` or `databaseId`.',
    }),
    alarmDays: t.int({ description: descriptions.alarmDays }),
    alarmHalves: t.int({ description: descriptions.alarmHalves }),
    recoverDays: t.int({ description: descriptions.recoverDays }),
    brokenStates: t.int({ description: descriptions.brokenStates }),
    fixStates: t.int({ description: descriptions.fixStates }),
    outagePercent: t.int({ description: descriptions.outagePercent }),
    outageTests: t.int({ description: descriptions.outageTests }),
    statisticalPercent: t.int({ description: descriptions.statisticalPercent }),
    statisticalResults: t.int({ description: descriptions.statisticalResults }),
    quarantinePercent: t.int({ description: descriptions.quarantinePercent }),
  }),
});

const SetFlakySettingsPayload = builder
  .objectRef<{ readonly repository: Repository }>('SetFlakySettingsPayload')
  .implement({
    description: 'A repository with its settings.',
    fields: (t) => ({
      repository: t.field({
        type: RepositoryRef,
        description: 'The repository. Its tests are judged anew a moment later.',
        resolve: ({ repository }) => repository,
      }),
    }),
  });

builder.mutationField('setFlakySettings', (t) =>
  t.field({
    type: SetFlakySettingsPayload,
    description:
      'Changes how a repository judges its tests; null turns off what can be turned off. All its tests that ever failed are judged anew. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: SetFlakySettingsInput, required: true, description: 'The settings.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      repository: await setFlakySettings(ctx, {
        ...input,
        repositoryId: databaseId('Repository', input.repositoryId, ['input', 'repositoryId']),
      }),
    }),
  }),
);
