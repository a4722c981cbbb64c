import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import { TooLargeError } from '../../errors.ts';
import { fieldOf, isObject } from '../../formats/json-values.ts';
import { storeOrHold } from '../../ingest/hold-message.ts';
import { recordTestResults } from '../../ingest/record-test-results.ts';
import type { Reject } from '../../ingest/rejects.ts';
import type { TestResultInput } from '../../ingest/test-result-input.ts';
import type { RestApp } from '../services.ts';
import { buildId, lenientCount, toText } from './fields.ts';
import { addIngestRoute, type IngestAnswer, type IngestServices } from './ingest-route.ts';
import { Accepted, Held } from './present.ts';
import { readWith } from './read-with.ts';
import { readSuites, type SaidSuite } from './test-cases.ts';

const mostResultsAtOnce = 20_000;
const mostSuites = 100_000;

/** Says what is read of a case: no field is required, and none is refused for its type. */
const WireTestCase = z
  .object({
    className: z.string().openapi({ description: '`unknown` when absent.' }),
    testName: z.string().openapi({ description: '`unknown` when absent; `name` is taken too.' }),
    status: z.string().openapi({
      description: 'PASSED, FAILED, SKIPPED or ERROR, in any letter case. Other words are kept.',
    }),
    duration: z.number().openapi({ description: 'Milliseconds, with fractions.' }),
    errorMessage: z.union([z.string(), z.number(), z.boolean()]),
    stackTrace: z.union([z.string(), z.number(), z.boolean()]),
  })
  .partial()
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
export function addTests(rest: RestApp, services: IngestServices): void {
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

/** Suites of one build, whose cases are read in pieces: there may be a million. */
interface Tests {
  readonly buildId: string;
  readonly suites: SaidSuite[];
}

function readTests(json: unknown): Tests[] {
  const tests = new Map<string, Tests>();
  for (const suite of suitesOf(json)) {
    const { buildId, name, testCases } = readWith(WireSuite, suite);
    const ofBuild = tests.get(buildId) ?? { buildId, suites: [] };
    tests.set(buildId, ofBuild);
    ofBuild.suites.push({ name, testCases });
  }
  return [...tests.values()];
}

/** A suite that names no build is of the build of the one before it, or of the whole body. */
function* suitesOf(json: unknown): Generator<unknown, void, undefined> {
  const suites = fieldOf(json, 'suites');
  if (!Array.isArray(json) && !Array.isArray(suites)) {
    yield json;
    return;
  }
  const listed = (Array.isArray(suites) ? suites : json) as readonly unknown[]; // one of them is a list
  if (listed.length > mostSuites) {
    throw new TooLargeError(`suites: more than ${String(mostSuites)} in one request`);
  }
  let buildId = fieldOf(json, 'buildId');
  if (listed.length === 0 && buildId !== undefined) yield { buildId };
  for (const suite of listed) {
    buildId = fieldOf(suite, 'buildId') ?? buildId;
    yield isObject(suite) ? { ...suite, buildId } : { buildId };
  }
}

interface TestsPiece {
  readonly buildId: string;
  readonly results: readonly TestResultInput[];
}

async function store(ctx: ServiceContext, tests: readonly Tests[]): Promise<IngestAnswer> {
  const total = { accepted: 0, duplicates: 0, rejected: [] as Reject[] };
  let id: string | undefined;
  let isHeld = false;
  for (const { buildId, results } of inPieces(tests)) {
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
function* inPieces(tests: readonly Tests[]): Generator<TestsPiece, void, undefined> {
  for (const { buildId, suites } of tests) {
    let results: TestResultInput[] = [];
    for (const result of readSuites(suites)) {
      if (results.length === mostResultsAtOnce) {
        yield { buildId, results };
        results = [];
      }
      results.push(result);
    }
    yield { buildId, results }; // also of no results: whether its build is there is to be said
  }
}
