import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import { fieldOf, isObject } from '../../formats/json-values.ts';
import { storeOrHold } from '../../ingest/hold-message.ts';
import { recordTestResults } from '../../ingest/record-test-results.ts';
import type { Reject } from '../../ingest/rejects.ts';
import type { TestResultInput } from '../../ingest/test-result-input.ts';
import type { RestApp, RestServices } from '../services.ts';
import { buildId, lenientCount, toText } from './fields.ts';
import { addIngestRoute, type IngestAnswer } from './ingest-route.ts';
import { Accepted, Held } from './present.ts';
import { readWith } from './read-with.ts';
import { readTestCases } from './test-cases.ts';

const mostResultsAtOnce = 20_000;

const WireTestCase = z
  .object({
    className: z.string(),
    testName: z.string(),
    status: z.string().openapi({ description: 'PASSED, FAILED, SKIPPED or ERROR.' }),
    duration: z.number().nullable().openapi({ description: 'Milliseconds, with fractions.' }),
    errorMessage: z.string().optional(),
    stackTrace: z.union([z.string(), z.number(), z.boolean()]).optional(),
  })
  .openapi('TestCaseReport');

const WireSuite = z
  .object({
    buildId,
    name: z
      .unknown()
      .optional()
      .transform((value) => toText(value, 10_000) ?? 'unnamed')
      .openapi({ type: 'string' }),
    totalCount: lenientCount,
    passCount: lenientCount,
    failCount: lenientCount,
    skipCount: lenientCount,
    duration: z
      .unknown()
      .optional()
      .openapi({ type: ['number', 'null'] }),
    testCases: z
      .unknown()
      .optional()
      .openapi({ type: 'array', items: { $ref: '#/components/schemas/TestCaseReport' } }),
  })
  .openapi('SuiteReport');

const WireTests = z.union([
  WireSuite,
  z.array(WireSuite),
  z.object({ buildId, suites: z.array(WireSuite.partial({ buildId: true })) }),
]);

/** Mounts `tests` (Contract: buildbutler.md 7.3). */
export function addTests(rest: RestApp, services: RestServices): void {
  rest.openAPIRegistry.register('TestCaseReport', WireTestCase);
  addIngestRoute(rest, services, {
    names: ['tests'],
    summary: 'Report test results of a build',
    description:
      'One suite, a list of suites, or `{"buildId", "suites"}`. A suite that is sent again is stored once; suites of one ' +
      'name whose cases differ are both kept. No oddity of a suite is an error.',
    body: WireTests,
    answers: { 201: Accepted, 202: Held },
    read: readTests,
    store,
  });
}

/** Results of one build. */
interface Tests {
  readonly buildId: string;
  readonly results: TestResultInput[];
}

function readTests(json: unknown): Tests[] {
  const tests = new Map<string, Tests>();
  for (const suite of suitesOf(json)) {
    const { buildId, name, testCases } = readWith(WireSuite, suite);
    const ofBuild = tests.get(buildId) ?? { buildId, results: [] };
    tests.set(buildId, ofBuild);
    for (const result of readTestCases(name, testCases)) ofBuild.results.push(result);
  }
  return [...tests.values()];
}

/** A suite that names no build is of the build of the one before it, or of the whole body. */
function suitesOf(json: unknown): readonly unknown[] {
  const suites = fieldOf(json, 'suites');
  if (!Array.isArray(json) && !Array.isArray(suites)) return [json];
  const listed = (Array.isArray(suites) ? suites : json) as readonly unknown[]; // one of them is a list
  let buildId = fieldOf(json, 'buildId');
  return [...(listed.length === 0 && buildId !== undefined ? [{}] : []), ...listed].map((suite) => {
    buildId = fieldOf(suite, 'buildId') ?? buildId;
    return isObject(suite) ? { ...suite, buildId } : { buildId };
  });
}

async function store(ctx: ServiceContext, tests: readonly Tests[]): Promise<IngestAnswer> {
  const total = { accepted: 0, duplicates: 0, rejected: [] as Reject[] };
  let id: string | undefined;
  let isHeld = false;
  for (const { buildId, results } of tests.flatMap(inPieces)) {
    const { stored } = await storeOrHold(
      ctx,
      'TEST_RESULTS',
      { buildId, results },
      recordTestResults,
    );
    total.accepted += stored?.accepted ?? results.length;
    total.duplicates += stored?.duplicates ?? 0;
    total.rejected.push(...(stored?.rejected ?? []));
    id ??= stored?.parents.build?.id;
    isHeld ||= stored === null;
  }
  if (isHeld) return { status: 202, body: { accepted: total.accepted, held: true } };
  return { status: 201, body: { ...(id === undefined ? {} : { id }), ...total } };
}

/** A request of the verb takes only so many; attempts are numbered already. */
function inPieces({ buildId, results }: Tests): Tests[] {
  const count = Math.max(1, Math.ceil(results.length / mostResultsAtOnce));
  return Array.from({ length: count }, (_, index) => {
    const start = index * mostResultsAtOnce;
    return { buildId, results: results.slice(start, start + mostResultsAtOnce) };
  });
}
