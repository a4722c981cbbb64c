import type { FlakySettings } from '../db/generated/prisma/client.ts';

/** How a repository judges its tests: what `flaky_settings` holds of it. */
export type FlakySettingsOf = Omit<FlakySettings, 'organizationId' | 'repositoryId'>;

/** What holds for a repository that set nothing; the same as the defaults of the columns. */
export const defaultFlakySettings: FlakySettingsOf = {
  alarmDays: 14,
  alarmHalves: 2,
  recoverDays: 30,
  brokenStates: 3,
  fixStates: 5,
  outagePercent: 80,
  outageTests: 10,
  statisticalPercent: 30,
  statisticalResults: 10,
  quarantinePercent: null,
};

/** The least and the most that each setting may be: the same as the checks of the table. */
export const flakySettingRanges = {
  alarmDays: [1, 365],
  alarmHalves: [1, 1_000],
  recoverDays: [1, 365],
  brokenStates: [2, 100],
  fixStates: [1, 100],
  outagePercent: [1, 99],
  outageTests: [2, 100_000],
  statisticalPercent: [1, 100],
  statisticalResults: [2, 100_000],
  quarantinePercent: [1, 100],
} as const satisfies Record<keyof FlakySettingsOf, readonly [least: number, most: number]>;
