import fc from 'fast-check';

const outcomes = ['passed', 'failed', 'error', 'skipped', 'flaky', 'rerun'] as const;

const oneCase = fc.record({
  className: fc.constantFrom('A', 'B'),
  name: fc.constantFrom('one', 'two', 'three', 'vier ünd "mehr"'),
  seconds: fc.constantFrom('0.5', '1.25', ''),
  outcome: fc.constantFrom(...outcomes),
  message: fc.constantFrom('no', 'expected <1> & got 2'),
});
type Case = typeof oneCase extends fc.Arbitrary<infer Value> ? Value : never;

const oneSuite = fc.record({
  name: fc.constantFrom('unit', 'web', ''),
  startedAt: fc.constantFrom(null, '2026-05-10T08:00:00Z', '2026-04-30T23:59:59.999Z'),
  cases: fc.array(oneCase, { maxLength: 5 }),
});
type Suite = typeof oneSuite extends fc.Arbitrary<infer Value> ? Value : never;

/** A report: several suites, retries, tests that other reports have too. */
export const aReport: fc.Arbitrary<string> = fc
  .record({
    isXml: fc.boolean(),
    suites: fc.array(oneSuite, { minLength: 1, maxLength: 3 }),
  })
  .map(({ isXml, suites }) => (isXml ? junitOf(suites) : ctrfOf(suites)));

function junitOf(suites: readonly Suite[]): string {
  const elements = suites.map(
    ({ name, startedAt, cases }) =>
      `<testsuite name="${name}"${startedAt === null ? '' : ` timestamp="${startedAt}"`}>
      ${cases.map(xmlOf).join('\n')}</testsuite>`,
  );
  return `<?xml version="1.0"?><testsuites>${elements.join('\n')}</testsuites>`;
}

function xmlOf({ className, name, seconds, outcome, message }: Case): string {
  const say = (text: string) => `message="${escaped(text)}" type="T">at ${escaped(text)} (x.ts:1)`;
  const said = say(message);
  // Two attempts that went alike in all that tells attempts apart are one: these are not alike.
  const [early, again] = [say(`${message}, early`), say(`${message}, again`)];
  const inner = {
    passed: '',
    failed: `<failure ${said}</failure>`,
    error: `<error ${said}</error>`,
    skipped: '<skipped/>',
    flaky: `<flakyFailure ${early}</flakyFailure><flakyError ${early}</flakyError>`,
    rerun: `<failure ${said}</failure><rerunFailure ${again}</rerunFailure>`,
  }[outcome];
  return `<testcase classname="${className}" name="${escaped(name)}" time="${seconds}">${inner}<system-out>it says</system-out></testcase>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function ctrfOf(suites: readonly Suite[]): string {
  const tests = suites.flatMap(({ name, startedAt, cases }) =>
    cases.map((said) => ({
      name: said.name,
      suite: [name, said.className],
      status:
        { passed: 'passed', failed: 'failed', skipped: 'skipped' }[said.outcome as string] ??
        'failed',
      duration: said.seconds === '' ? 0 : Number(said.seconds) * 1000,
      message: said.message,
      ...(startedAt !== null && { start: Date.parse(startedAt) }),
      ...(said.outcome === 'flaky' && {
        status: 'passed',
        flaky: true,
        retries: 1,
        retryAttempts: [{ attempt: 1, status: 'failed', duration: 7, message: said.message }],
      }),
    })),
  );
  return JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: { tool: { name: 'jest' }, summary: {}, tests },
  });
}
