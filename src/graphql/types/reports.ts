import type { ReportFilter } from '../../analytics/reports.ts';
import { builder } from '../builder.ts';
import { orderInput } from '../connection.ts';
import { describe, repositoryFields, TimeRange, toNumber } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';

export const CoverageReportRef = builder.prismaNode('CoverageReport', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    format: t.exposeString('format'),
    branch: t.exposeString('branch', { nullable: true }),
    commitSha: t.exposeString('commitSha', { nullable: true }),
    coveredLines: t.field({
      type: 'SafeInt',
      description: describe('CoverageReport', 'coveredLines'),
      resolve: ({ coveredLines }) => toNumber(coveredLines),
    }),
    coverableLines: t.field({
      type: 'SafeInt',
      description: describe('CoverageReport', 'coverableLines'),
      resolve: ({ coverableLines }) => toNumber(coverableLines),
    }),
    coverage: t.float({
      nullable: true,
      description: 'Covered over coverable lines, 0 to 1; null when no line could run.',
      resolve: ({ coveredLines, coverableLines }) =>
        coverableLines === 0n ? null : Number(coveredLines) / Number(coverableLines),
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
  }),
});

export const SecurityReportRef = builder.prismaNode('SecurityReport', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    tool: t.exposeString('tool'),
    kind: t.exposeString('kind', { nullable: true }),
    branch: t.exposeString('branch', { nullable: true }),
    commitSha: t.exposeString('commitSha', { nullable: true }),
    severityCounts: t.expose('severityCounts', { type: 'JSONObject' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
  }),
});

export const CoverageReportConnection = builder.connectionObject(
  {
    type: CoverageReportRef,
    name: 'CoverageReportConnection',
    description: 'A page of coverage reports.',
  },
  { name: 'CoverageReportEdge', description: 'A coverage report and its place in the list.' },
);

export const SecurityReportConnection = builder.connectionObject(
  {
    type: SecurityReportRef,
    name: 'SecurityReportConnection',
    description: 'A page of security reports.',
  },
  { name: 'SecurityReportEdge', description: 'A security report and its place in the list.' },
);

const reportFilter = builder.inputType('ReportFilter', {
  description: 'Which reports. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    recordedAt: t.field({ type: TimeRange, description: 'Only recorded in this time.' }),
  }),
});

const reportOrder = orderInput('ReportOrder', { RECORDED_AT: 'When it was made.' });

/** Arguments and filter of every list of coverage or security reports. */
export const reportList = {
  args: { filter: reportFilter, order: reportOrder },
  toFilter: (asked: ReportFilter): ReportFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};
