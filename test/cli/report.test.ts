import { beforeAll, expect, test } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { createClient } from '../../src/client/create-client.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { checkout } from './checkout.ts';
import { startFront } from './front.ts';
import { account, builds, github, report } from './report-support.ts';

let shared: TestGateway;
beforeAll(async () => {
  await ensureBuilt();
  shared = await startGateway();
}, 300_000);

const junit = ['--junit', 'target/*.xml'];
const Reports = graphql(`
  query ReportsOfTheReporter {
    builds(first: 2) {
      nodes {
        coverageReports(first: 2) {
          nodes {
            coverage
          }
        }
        securityReports(first: 2) {
          nodes {
            tool
          }
        }
        testResults(first: 10) {
          nodes {
            testCase {
              variant
            }
          }
        }
        submissions(first: 5) {
          nodes {
            tags
          }
        }
      }
    }
  }
`);

test('tests, coverage and security reports belong to the build', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  await at.copy('coverage/jacoco-report/report.xml', 'target/site/jacoco.xml');
  await at.copy('sarif/valid/Fingerprints.sarif', 'scan.sarif');

  const { exit, stdout } = await report(gateway, at, [
    ...junit,
    ...['--coverage', 'target/site/*.xml', '--sarif', 'scan.sarif'],
    ...['--variant', 'linux', '--tag', 'nightly', 'slow', '--fail-on-error'],
  ]);

  const { query } = createClient({ url: `${gateway.url}/graphql`, apiKey: gateway.key });
  expect(exit).toBe(0);
  expect(stdout).toMatch(/, 1 test report, 1 coverage file, 1 security report, build /);
  const [build] = (await query(Reports)).builds.nodes;
  expect(build?.coverageReports.nodes).toHaveLength(1);
  expect(build?.securityReports.nodes).toHaveLength(1);
  expect(build?.testResults.nodes[0]?.testCase.variant).toBe('linux');
  expect(build?.submissions.nodes[0]?.tags).toEqual(['nightly', 'slow']);
});

const Log = graphql(`
  query LogOfTheReporter {
    builds(first: 2) {
      nodes {
        log {
          lines(limit: 10) {
            lines {
              text
            }
          }
          sections(first: 5) {
            nodes {
              name
            }
          }
        }
      }
    }
  }
`);

test('logs are one log of the build, with a section for each', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  await at.write('logs/a.log', 'compiled\n');
  await at.write('logs/b.log', 'tested');

  const { exit, stdout } = await report(gateway, at, ['--log', 'logs/*.log', '--fail-on-error']);

  const { query } = createClient({ url: `${gateway.url}/graphql`, apiKey: gateway.key });
  expect(exit).toBe(0);
  expect(stdout).toContain('2 logs, build ');
  const log = (await query(Log)).builds.nodes[0]?.log;
  expect(log?.sections.nodes.map(({ name }) => name)).toEqual(['logs/a.log', 'logs/b.log']);
  expect(log?.lines.lines.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['compiled', 'tested']),
  );
});

test('a dry run prints what would go, and sends nothing', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  const front = await startFront(shared.url, []);

  const { exit, stdout, stderr } = await report(
    { url: front.url, key: gateway.key },
    at,
    [...junit, '--dry-run', '--status', 'success'],
    github,
  );

  expect(exit).toBe(0);
  expect(stdout).toContain(`to        ${front.url}/graphql`);
  expect(stdout).toContain('detected  GitHub Actions');
  expect(stdout).toMatch(/^ {2}externalRunId +7012345678$/m);
  expect(stdout).toMatch(/^job\n(.+\n)* {2}status +SUCCESS$/m);
  expect(stdout).toMatch(/^tests +1 file, .*\n {2}target\/TEST-widgets.xml {2}5\.\d KiB$/m);
  expect(stdout + stderr).not.toContain(gateway.key);
  expect(stdout + stderr).not.toContain('hunter2');
  expect(front.requests()).toBe(0);
});

test('what a BuildButler client reads from its environment is enough', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  await at.copy('junit/joshdk/surefire.xml', 'more/TEST-more.xml');

  const { exit, stdout } = await report({ url: '', key: '' }, at, ['--fail-on-error'], {
    ...github,
    BUILDBUTLER_API_KEY: gateway.key,
    BUILDBUTLER_API_URL: `${gateway.url}/`,
    TEST_RESULTS_GLOB: '{target,reports}/*.xml, more/**/TEST-*.xml',
  });

  expect(exit).toBe(0);
  expect(stdout).toContain('results: 7 accepted');
});

test('names with spaces and brackets, files, directories and globs are found, each file once', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  await at.copy('junit/joshdk/surefire.xml', 'my reports/unit tests [1].xml');
  await at.write('my reports/readme.md', 'no report');
  await at.write('node_modules/x/TEST-x.xml', 'not ours');

  const { exit, stdout } = await report(gateway, at, [
    ...['--junit', 'my reports/unit tests [1].xml', 'my reports', '**/TEST-*.xml'],
    ...['--junit', 'my reports/unit*.xml', '--dry-run', '--fail-on-error'],
  ]);

  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /^tests +2 files, .*\n {2}my reports\/unit tests \[1\]\.xml .*\n {2}target\/TEST-widgets\.xml .*$/m,
  );
});

test('many files go in several requests', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  const files = Array.from({ length: 450 }, (_, index) => index);
  await Promise.all(
    files.map((index) =>
      at.write(
        `many/TEST-${index}.xml`,
        `<testsuite name="s"><testcase classname="c" name="n${index}" time="0.1"/></testsuite>`,
      ),
    ),
  );

  const { exit, stdout } = await report(gateway, at, ['--junit', 'many', '--fail-on-error']);

  expect(exit).toBe(0);
  expect(stdout).toContain('buildatlas: tests: 401 to 450 of 450 files');
  expect(stdout).toContain('results: 450 accepted, 0 duplicates, 0 rejected, 450 test reports');
  expect(await builds(gateway)).toMatchObject([{ testResults: { totalCount: 450 } }]);
});

test('a gateway below a path is found, and a trailing slash does not matter', async () => {
  const at = await checkout();

  const { stdout } = await report({ url: 'https://ci.example.com/atlas/', key: 'k' }, at, [
    '--dry-run',
  ]);

  expect(stdout).toContain('to        https://ci.example.com/atlas/graphql');
});

test('the help names every option, variable and exit code', async () => {
  const { exit, stdout } = await report({ url: '', key: '' }, await checkout(), ['--help']);

  expect(exit).toBe(0);
  expect(stdout).toMatch(/BUILDATLAS_URL[^]*TEST_RESULTS_GLOB[^]*Exit code: 0[^]*Examples:/);
  expect(stdout).not.toContain('undefined');
});
