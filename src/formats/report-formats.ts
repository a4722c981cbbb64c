/** Formats of test reports that can be read. */
export const reportFormats = [
  'JUNIT',
  'CTRF',
  'TRX',
  'NUNIT2',
  'NUNIT3',
  'XUNIT',
  'GO_TEST',
  'JEST',
  'PLAYWRIGHT',
  'MOCHA',
  'CUCUMBER_MESSAGES',
  'CUCUMBER_JSON',
  'RSPEC',
  'DART',
] as const;

export type ReportFormat = (typeof reportFormats)[number];
