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
