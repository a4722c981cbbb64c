import { ConflictError, NotFoundError, TooLargeError } from '../../errors.ts';
import { reportFormats } from '../../formats/report-formats.ts';
import { reprocessSubmission } from '../../ingest/reprocess-submission.ts';
import type { Uploaded } from '../../ingest/upload.ts';
import { uploadTestReports } from '../../ingest/upload-test-reports.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { uploadFields } from './upload-fields.ts';
import { targetFields, toTarget } from './upload-target.ts';

const names: Readonly<Record<(typeof reportFormats)[number], string>> = {
  JUNIT: 'JUnit XML of any dialect: Surefire, Gradle, pytest, Jest, nextest, ...',
  CTRF: 'Common Test Report Format, JSON.',
  TRX: 'Visual Studio test results, XML.',
  NUNIT2: 'NUnit 2, XML.',
  NUNIT3: 'NUnit 3, XML.',
  XUNIT: 'xUnit.net v2, XML.',
  GO_TEST: 'What `go test -json` prints.',
  JEST: 'What `jest --json` writes.',
  PLAYWRIGHT: "Playwright's JSON reporter.",
  MOCHA: "Mocha's JSON reporter.",
  CUCUMBER_MESSAGES: 'Cucumber messages, NDJSON.',
  CUCUMBER_JSON: "Cucumber's older JSON formatter.",
  RSPEC: "RSpec's JSON formatter.",
  DART: "Dart's and Flutter's JSON reporter.",
};

const ReportFormatRef = builder.enumType('ReportFormat', {
  description: 'Format of a test report.',
  values: Object.fromEntries(
    reportFormats.map((format) => [format, { description: names[format] }]),
  ) as Record<(typeof reportFormats)[number], { description: string }>, // of all formats
});

const UploadTestReportsInput = builder.inputType('UploadTestReportsInput', {
  description: 'What test reports belong to, and how they are read.',
  fields: (t) => ({
    ...targetFields(t),
    format: t.field({
      type: ReportFormatRef,
      description: 'Format of all files; found by their content when absent.',
    }),
    variant: t.string({
      description: 'Environment in which the tests count as tests of their own, e.g. `linux`.',
    }),
    variantFrom: t.stringList({
      description:
        'Properties in the reports whose values make the variant, e.g. `["os", "browser"]`. When absent, those that tell environments apart in the format: `project` (Playwright), `browser` and `device` (CTRF), `platform` (Dart); an empty list turns that off.',
    }),
  }),
});

const UploadTestReportsPayload = builder.objectRef<Uploaded>('UploadTestReportsPayload').implement({
  description: 'What became of an upload of test reports.',
  fields: (t) => ({
    ...uploadFields(t),
    accepted: t.int({
      description: 'Attempts that are new and stored.',
      resolve: ({ files }) => sum(files, 'accepted'),
    }),
    duplicates: t.int({
      description:
        'Attempts that were stored before, or twice in this upload: same test, attempt, outcome, duration, message and time.',
      resolve: ({ files }) => sum(files, 'duplicates'),
    }),
    rejectedCount: t.int({
      description: 'Attempts that were refused; `files` says why.',
      resolve: ({ files }) => sum(files, 'rejectedCount'),
    }),
  }),
});

function sum(files: Uploaded['files'], count: 'accepted' | 'duplicates' | 'rejectedCount'): number {
  return files.reduce((total, file) => total + file[count], 0);
}

builder.mutationField('uploadTestReports', (t) =>
  t.field({
    type: UploadTestReportsPayload,
    description:
      'Stores the attempts in test reports of any format, as files or in archives (gzip, zip, tar, zstd), up to 512 MiB. Sent again, an attempt is stored once. A file that cannot be read does not stop the others. Needs INGEST.',
    errors: { types: [NotFoundError, TooLargeError] },
    args: {
      input: t.arg({
        type: UploadTestReportsInput,
        required: true,
        description: 'What they belong to.',
      }),
      files: t.arg({ type: ['File'], required: true, description: 'The files.' }),
    },
    resolve: (_root, { input, files }, ctx) =>
      uploadTestReports(
        ctx,
        toTarget(input),
        files.map(({ file }) => file),
      ),
  }),
);

const ReprocessSubmissionPayload = builder
  .objectRef<Uploaded>('ReprocessSubmissionPayload')
  .implement({
    description: 'What became of the files of an upload, read again.',
    fields: (t) => uploadFields(t),
  });

builder.mutationField('reprocessSubmission', (t) =>
  t.field({
    type: ReprocessSubmissionPayload,
    description:
      'Reads the files of an upload again, as they were sent: after a new version reads more of them, or after it failed. What is stored stays. Needs INGEST.',
    errors: { types: [NotFoundError, ConflictError, TooLargeError] },
    args: {
      id: t.arg.id({ required: true, description: 'The submission, by its `id` or `databaseId`.' }),
    },
    resolve: (_root, { id }, ctx) => reprocessSubmission(ctx, databaseId('Submission', id, ['id'])),
  }),
);
