import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { checkout } from './checkout.ts';
import { type Fault, startFront } from './front.ts';
import { account, builds, report } from './report-support.ts';

let shared: TestGateway;
beforeAll(async () => {
  await ensureBuilt();
  shared = await startGateway();
}, 300_000);

const junit = ['--junit', 'target/*.xml'];
const wrongKey = 'ffffffffffffffffffffffffffffffffffffffff';

describe.each([
  ['is down', 'http://127.0.0.1:2', 'cannot reach http://127.0.0.1:2 (ECONNREFUSED)'],
  ['has no address', '', 'set BUILDATLAS_URL'],
  ['has an address with a password', 'https://ann:hunter2@localhost', 'without user and password'],
  ['has an address that is none', 'buildatlas', 'is no web address'],
])('when the gateway %s', (_what, url, warning) => {
  test('the reporter warns and does not break the build', async () => {
    const at = await checkout();

    const { exit, stdout, stderr } = await report({ url, key: wrongKey }, at, [
      ...junit,
      ...['--retries', '1'],
    ]);

    expect(exit).toBe(0);
    expect(stderr).toContain(warning);
    expect(stdout + stderr).not.toMatch(/hunter2|ffffffff/);
  });

  test('the reporter fails with --fail-on-error', async () => {
    const at = await checkout();

    const { exit } = await report({ url, key: wrongKey }, at, [
      ...junit,
      ...['--retries', '0', '--fail-on-error'],
    ]);

    expect(exit).toBe(1);
  });
});

describe.each<[string, Fault, string, number]>([
  ['answers 500', 500, 'answers 500', 2],
  ['answers 429', 429, 'answers 429', 2],
  ['hangs up', 'hang up', 'cannot reach', 2],
  ['does not answer', 'silence', 'did not answer in time', 1],
  ['refuses the request', 400, 'refused (400)', 1],
  ['leads elsewhere', 301, '(unexpected redirect)', 1],
])('when a server before the gateway %s', (_what, fault, warning, tries) => {
  test('the reporter warns, tries again what may work, and does not break the build', async () => {
    const at = await checkout();
    const { key } = await account(shared);
    const front = await startFront(
      shared.url,
      Array.from({ length: 9 }, () => fault),
    );

    const { exit, stdout, stderr } = await report({ url: front.url, key }, at, [
      ...junit,
      ...['--retries', '1', '--timeout', '4'],
    ]);

    expect(stderr).toContain(warning);
    expect(exit).toBe(0);
    expect(front.requests()).toBe(tries);
    expect(stdout + stderr).not.toContain(key);
  });

  test('the reporter fails with --fail-on-error', async () => {
    const at = await checkout();
    const { key } = await account(shared);
    const front = await startFront(
      shared.url,
      Array.from({ length: 9 }, () => fault),
    );

    const { exit } = await report({ url: front.url, key }, at, [
      ...junit,
      ...['--retries', '0', '--timeout', '2', '--fail-on-error'],
    ]);

    expect(exit).toBe(1);
  });
});

test('what fails a few times is tried again until it is stored, once', async () => {
  const at = await checkout();
  const { key } = await account(shared);
  const faults: Fault[] = [500, 'hang up', 429];
  const front = await startFront(shared.url, faults);

  const { exit, stdout } = await report({ url: front.url, key }, at, [...junit, '--fail-on-error']);

  expect(exit).toBe(0);
  expect(stdout).toMatch(/answers 429: try again later; again in 1\.\d s/);
  expect(front.requests()).toBe(5); // three that failed, the build, the tests
  expect(await builds({ url: shared.url, key })).toMatchObject([
    { testResults: { totalCount: 6 } },
  ]);
});

test('a key that the gateway does not know is no reason to try again', async () => {
  const at = await checkout();
  const front = await startFront(shared.url, []);

  const { exit, stdout, stderr } = await report({ url: front.url, key: wrongKey }, at, junit);

  expect(exit).toBe(0);
  expect(stderr).toContain('does not know the key (401)');
  expect(front.requests()).toBe(1);
  expect(stdout + stderr).not.toContain(wrongKey);
});

test('a key that cannot stand in a header is not shown', async () => {
  const at = await checkout();

  const { exit, stdout, stderr } = await report(
    { url: shared.url, key: 'geheim\u2026key' },
    at,
    junit,
  );

  expect(exit).toBe(0);
  expect(stderr).toContain('warning');
  expect(stdout + stderr).not.toContain('geheim');
});

test('without a key the reporter says what to set', async () => {
  const at = await checkout();

  const { exit, stderr } = await report({ url: shared.url, key: '' }, at, junit);

  expect(exit).toBe(0);
  expect(stderr).toContain('set BUILDATLAS_API_KEY');
});

test('a pattern that no file fits is a warning that says what to do', async () => {
  const at = await checkout();
  const gateway = await account(shared);

  const { exit, stdout, stderr } = await report(gateway, at, ['--junit', 'build/**/*.xml']);

  expect(exit).toBe(0);
  expect(stderr).toContain("No file fits --junit 'build/**/*.xml'");
  expect(stderr).toContain('put them in quotes');
  expect(stdout).toMatch(/buildatlas: build [0-9a-f-]{36}/);
});

test('a pattern that no file fits fails with --fail-on-error', async () => {
  const at = await checkout();

  const { exit } = await report(await account(shared), at, [
    '--junit',
    'no.xml',
    '--fail-on-error',
  ]);

  expect(exit).toBe(1);
});

test('a file that is no report is told, and the others are stored', async () => {
  const at = await checkout();
  const gateway = await account(shared);
  await at.write('target/broken.xml', '<testsuite name="a"><testcase');

  const { exit, stdout, stderr } = await report(gateway, at, [...junit, '--fail-on-error']);

  expect(exit).toBe(1);
  expect(stderr).toContain('target/broken.xml: ');
  expect(stdout).toContain('results: 6 accepted');
});

test('on GitHub a warning is an annotation, of one line', async () => {
  const at = await checkout();
  const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/widgets', GITHUB_RUN_ID: '1' };

  const { stdout, stderr } = await report(
    await account(shared),
    at,
    ['--junit', 'no%\n::error::x.xml', ...junit],
    env,
  );

  expect(stderr).toBe('');
  expect(stdout).toMatch(/^::warning title=buildatlas::No file fits --junit 'no%25%0A::error::x/m);
  expect(stdout).toMatch(/^::group::buildatlas report\n[^]*^::endgroup::\nbuildatlas: results: 6/m);
});

test.each([
  [['--no-such-option'], "unknown option '--no-such-option'"],
  [['--repository', 'widgets'], 'Write it as owner/name'],
  [['--number', 'seven'], 'It must be a whole number'],
  [['--format', 'word'], 'Allowed: JUNIT, '],
  [['--junit'], 'argument missing'],
])('%j is refused with exit code 2', async (args, message) => {
  const { exit, stderr } = await report({ url: shared.url, key: wrongKey }, await checkout(), args);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
