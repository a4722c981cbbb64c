import { createReadStream, existsSync } from 'node:fs';
import { readJunit } from '../formats/junit.ts';
import type { AttemptEvent } from '../formats/report-events.ts';
import type { DemoRepository } from './project.ts';
import { shaOf } from './random.ts';
import type { ResultRecord, SubmissionRecord } from './records.ts';

/** In a clone, from src/demo/ as from dist/demo/. A package from the registry has no reports, and the demo goes without. */
const reportsFolder = new URL('../../test/fixtures/junit/', import.meta.url);
const HOUR_MS = 3_600_000;

interface JunitProject {
  readonly folder: string;
  readonly owner: string;
  readonly name: string;
  readonly reports: readonly string[];
}

/** Real reports from real runs; their licences lie beside them. */
const projects: readonly JunitProject[] = [
  {
    folder: 'trunk',
    owner: 'trunk-io',
    name: 'analytics-cli',
    reports: [
      'xcresult/tests/data/test1.junit.xml',
      'xcresult/tests/data/test4.junit.xml',
      'xcresult/tests/data/test-swift-mix.junit.xml',
    ],
  },
  {
    folder: 'mikepenz',
    owner: 'mikepenz',
    name: 'action-junit-report',
    reports: [
      'maven_surefire_flaky/surefire-report.xml',
      'nextest/basic.xml',
      'nested/multi-level.xml',
      'perl/result.xml',
      'catch2/report.xml',
      'cunit/testFailure.xml',
      'tests/utils/target/surefire-reports/TEST-action.surefire.report.calc.StringUtilsTest.xml',
      'tests/email/target/surefire-reports/TEST-action.surefire.report.email.EmailAddressTest.xml',
      'corrupt-junit/e2e-tests/corrupt/target/sf-reports/TEST-test.CorruptTest.xml',
    ],
  },
  {
    folder: 'joshdk',
    owner: 'joshdk',
    name: 'go-junit',
    reports: [
      'surefire.xml',
      'nose2.xml',
      'phpunit.xml',
      'go-junit-report.xml',
      'fastlane-trainer.xml',
      'catchsoftware.xml',
    ],
  },
];

/** A report as the demo uploads it. */
export interface DemoUpload {
  readonly submission: SubmissionRecord;
  readonly results: readonly ResultRecord[];
}

/** Reads the reports of real projects; the newest counts as uploaded an hour before the end of the history. */
export async function readJunitProjects(endsAt: Date): Promise<readonly DemoUpload[]> {
  if (!existsSync(reportsFolder)) return [];
  const reports = projects.flatMap((project) =>
    project.reports.map((report) => ({ project, report })),
  );
  return Promise.all(
    reports.map(({ project, report }, index) =>
      readUpload(project, report, new Date(endsAt.getTime() - (index + 1) * HOUR_MS)),
    ),
  );
}

async function readUpload(
  { folder, owner, name }: JunitProject,
  report: string,
  recordedAt: Date,
): Promise<DemoUpload> {
  const path = `${folder}/${report}`;
  const attempts: AttemptEvent[] = [];
  let failureReason: string | undefined;
  for await (const event of readJunit(createReadStream(new URL(path, reportsFolder)))) {
    if (event.kind === 'ATTEMPT') attempts.push(event);
    if (event.kind === 'PROBLEM') {
      failureReason = `${event.message} (line ${event.line}, column ${event.column})`;
    }
  }
  return {
    submission: {
      repository: repositoryOf(owner, name),
      key: `demo ${path}`,
      branch: 'main',
      // The reports do not say which commit they tested; each stands for one of its own.
      commitSha: shaOf(path),
      source: 'junit-fixtures',
      tags: ['junit'],
      recordedAt,
      ...(failureReason === undefined
        ? { status: 'PROCESSED' }
        : { status: 'FAILED', failureReason }),
    },
    results: attempts.map(toResult),
  };
}

function repositoryOf(owner: string, name: string): DemoRepository {
  const url = `https://github.com/${owner}/${name}`;
  return { owner, name, provider: 'github', defaultBranch: 'main', url };
}

/** The results count as run when they were uploaded: reports from 2021 would lie outside of every view. */
function toResult(attempt: AttemptEvent): ResultRecord {
  const { suite, className, name, file, status, durationUs, message, stackTrace } = attempt;
  return {
    suite,
    className,
    name,
    file,
    status,
    durationUs,
    message,
    stackTrace,
    attempt: attempt.attempt,
  };
}
