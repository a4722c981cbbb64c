import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordSecurityReport } from '../../src/ingest/record-security-report.ts';
import type { SecurityFinding, SecurityReport } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { contextOf, entriesOf, newBuild } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

let builds = 0;

interface Scan {
  readonly build?: object;
  readonly tool?: string;
  readonly recordedAt?: string;
}

/** Stores a report with findings of these ids, of a build of its own; gives its id. */
async function scan(findings: readonly (string | object)[], said: Scan = {}): Promise<string> {
  const { build = {}, tool = 'trivy', recordedAt } = said;
  const buildId = await newBuild(gateway, { number: (builds += 1), ...build });
  const document = {
    nonce: (builds += 1),
    tool,
    findings: findings.map((finding) =>
      typeof finding === 'string' ? { id: finding, severity: 'high' } : finding,
    ),
  };
  const { reports } = await recordSecurityReport(
    contextOf(gateway),
    { buildId, ...(recordedAt === undefined ? {} : { recordedAt: new Date(recordedAt) }) },
    entriesOf({ report: JSON.stringify(document) }),
  );
  return reports[0]?.id ?? '';
}

/** A repository that no other test has. */
const aRepository = () => ({ repository: { owner: 'acme', name: `scanned-${(builds += 1)}` } });

interface Changes {
  readonly previous: string | null;
  readonly new: readonly string[];
  readonly fixed: readonly string[];
}

/** What changed with a report, as a client sees it. */
async function changesOf(id: string, filter: object | null = null): Promise<Changes> {
  const { data, errors } = await gateway.graphql<{ node: SecurityReport }>(
    `query ($id: ID!, $filter: SecurityFindingFilter) { node(id: $id) { ... on SecurityReport {
      previous { id }
      newFindings(filter: $filter) { nodes { ruleId } }
      fixedFindings(filter: $filter) { nodes { ruleId } } } } }`,
    { id: globalId(id), filter },
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  const { previous, newFindings, fixedFindings } = data.node;
  const idsOf = (nodes: readonly SecurityFinding[]) => nodes.map(({ ruleId }) => ruleId);
  return {
    previous: previous?.id ?? null,
    new: idsOf(newFindings.nodes),
    fixed: idsOf(fixedFindings.nodes),
  };
}

const globalId = (id: string) => Buffer.from(`SecurityReport:${id}`).toString('base64');

const at = (day: number) => `2026-01-0${String(day)}T00:00:00Z`;

describe('against the report before it', () => {
  test('a report has new and fixed findings', async () => {
    const build = aRepository();
    const first = await scan(['a', 'b'], { build, recordedAt: at(1) });
    const second = await scan(['b', 'c', 'd'], { build, recordedAt: at(2) });
    const third = await scan([], { build, recordedAt: at(3) });

    expect(await changesOf(second)).toEqual({
      previous: globalId(first),
      new: ['c', 'd'],
      fixed: ['a'],
    });
    expect(await changesOf(third)).toEqual({
      previous: globalId(second),
      new: [],
      fixed: ['b', 'c', 'd'],
    });
  });

  test('all of the first report is new, and nothing is fixed', async () => {
    const first = await scan(['a', 'b'], { build: aRepository() });

    expect(await changesOf(first)).toEqual({ previous: null, new: ['a', 'b'], fixed: [] });
  });

  test('only another of the same tool, branch and repository counts', async () => {
    const build = aRepository();
    await scan(['x'], { build: { ...build, branch: 'dev' }, recordedAt: at(1) });
    await scan(['x'], { build: { ...build, branch: null }, recordedAt: at(1) });
    await scan(['x'], { build, tool: 'semgrep', recordedAt: at(1) });
    await scan(['x'], { build: aRepository(), recordedAt: at(1) });
    await scan(['x'], { build, recordedAt: at(3) });
    const report = await scan(['x'], { build, recordedAt: at(2) });

    expect(await changesOf(report)).toEqual({ previous: null, new: ['x'], fixed: [] });
  });

  test('reports without a branch come one after another', async () => {
    const build = { ...aRepository(), branch: null };
    const first = await scan(['a'], { build, recordedAt: at(1) });
    const second = await scan(['b'], { build, recordedAt: at(2) });

    expect(await changesOf(second)).toEqual({
      previous: globalId(first),
      new: ['b'],
      fixed: ['a'],
    });
  });

  test('names of 512 characters of three bytes are told apart', async () => {
    const long = () =>
      // nothing in it can be compressed
      String.fromCharCode(...Array.from({ length: 512 }, () => randomInt(0x4e00, 0x9fff)));
    const build = { ...aRepository(), branch: long() };
    const tool = long();
    const first = await scan(['a'], { build, tool, recordedAt: at(1) });
    await scan(['x'], { build, tool: long(), recordedAt: at(2) });
    const last = await scan(['b'], { build, tool, recordedAt: at(3) });

    expect(await changesOf(last)).toEqual({
      previous: globalId(first),
      new: ['b'],
      fixed: ['a'],
    });
  });

  test('a report that comes in later stands where it was recorded', async () => {
    const build = aRepository();
    const first = await scan(['a'], { build, recordedAt: at(1) });
    const last = await scan(['c'], { build, recordedAt: at(3) });
    const between = await scan(['b'], { build, recordedAt: at(2) });

    expect(await changesOf(between)).toMatchObject({ previous: globalId(first) });
    expect(await changesOf(last)).toEqual({
      previous: globalId(between),
      new: ['c'],
      fixed: ['b'],
    });
  });

  test('two reports of one build and moment are parts of one scan', async () => {
    const build = { ...aRepository(), number: (builds += 1) };
    const one = await scan(['a'], { build });
    const other = await scan(['b'], { build });

    expect(await changesOf(one)).toMatchObject({ previous: null });
    expect(await changesOf(other)).toMatchObject({ previous: null });
  });

  test('code of an unknown repository has none', async () => {
    const build = { repository: null };
    await scan(['a'], { build, recordedAt: at(1) });
    const second = await scan(['b'], { build, recordedAt: at(2) });

    expect(await changesOf(second)).toEqual({ previous: null, new: ['b'], fixed: [] });
  });

  test('what is suppressed is neither new nor fixed; what no longer is, is new', async () => {
    const build = aRepository();
    const suppressed = (id: string) => ({ id, severity: 'high', suppressed: true });
    await scan([suppressed('gone'), suppressed('lifted'), 'dismissed', 'fixed'], {
      build,
      recordedAt: at(1),
    });
    const second = await scan(['lifted', suppressed('dismissed'), suppressed('born so')], {
      build,
      recordedAt: at(2),
    });

    expect(await changesOf(second)).toMatchObject({ new: ['lifted'], fixed: ['fixed'] });
  });

  test('a finding that moved to another line is the same', async () => {
    const build = aRepository();
    const moved = (line: number) => ({ id: 'sqli', severity: 'high', file: 'db.ts', line });
    await scan([moved(7)], { build, recordedAt: at(1) });
    const second = await scan([moved(99)], { build, recordedAt: at(2) });

    expect(await changesOf(second)).toMatchObject({ new: [], fixed: [] });
  });

  test('new and fixed findings can be asked for by severity', async () => {
    const build = aRepository();
    const low = (id: string) => ({ id, severity: 'low' });
    await scan(['a', low('b')], { build, recordedAt: at(1) });
    const second = await scan(['c', low('d')], { build, recordedAt: at(2) });

    expect(await changesOf(second, { severity: ['LOW'] })).toMatchObject({
      new: ['d'],
      fixed: ['b'],
    });
    expect(await changesOf(second, { isSuppressed: true })).toMatchObject({ new: [], fixed: [] });
  });

  test('a list of reports says it of each, in one statement', async () => {
    const build = aRepository();
    const { owner, name } = build.repository;
    await scan(['a', 'b'], { build, recordedAt: at(1) });
    await scan(['b', 'c', 'd'], { build, recordedAt: at(2) });
    const before = gateway.statements().length;

    const { data } = await gateway.graphql(
      `query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
        securityReports { nodes { newCount fixedCount previous { newCount previous { id } }
          newFindings { totalCount nodes { ruleId } } fixedFindings { totalCount } } } } }`,
      { owner, name },
    );
    const statements = gateway.statements().slice(before);

    const found = (...ids: string[]) => ids.map((ruleId) => ({ ruleId }));
    expect(data).toEqual({
      repository: {
        securityReports: {
          nodes: [
            {
              newCount: 2,
              fixedCount: 1,
              previous: { newCount: 2, previous: null },
              newFindings: { totalCount: 2, nodes: found('c', 'd') },
              fixedFindings: { totalCount: 1 },
            },
            {
              newCount: 2,
              fixedCount: 0,
              previous: null,
              newFindings: { totalCount: 2, nodes: found('a', 'b') },
              fixedFindings: { totalCount: 0 },
            },
          ],
        },
      },
    });
    expect(statements.filter((text) => text.includes('security_reports'))).toHaveLength(1);
  });
});
