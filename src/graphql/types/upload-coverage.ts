import { NotFoundError, TooLargeError } from '../../errors.ts';
import { type CoverageFormat, coverageFormats } from '../../formats/coverage/coverage-formats.ts';
import { type UploadedCoverage, uploadCoverage } from '../../ingest/upload-coverage.ts';
import { builder } from '../builder.ts';
import { CoverageReportRef } from './reports.ts';
import { uploadFields } from './upload-fields.ts';
import { targetFields, toTarget } from './upload-target.ts';

const names: Readonly<Record<CoverageFormat, string>> = {
  COBERTURA: 'Cobertura XML, as coverage.py, coverlet and gcovr write it.',
  JACOCO: 'JaCoCo XML.',
  CLOVER: 'Clover XML, as OpenClover, PHPUnit and Istanbul write it.',
  LCOV: 'LCOV tracefile.',
  OPENCOVER: 'OpenCover XML.',
  SIMPLECOV: "SimpleCov's JSON.",
  GO_COVER: 'Go cover profile.',
  ISTANBUL: "Istanbul's coverage-final.json.",
};

const CoverageFormatRef = builder.enumType('CoverageFormat', {
  description: 'Format of a coverage report.',
  values: Object.fromEntries(
    coverageFormats.map((format) => [format, { description: names[format] }]),
  ) as Record<CoverageFormat, { description: string }>, // of all formats
});

const UploadCoverageInput = builder.inputType('UploadCoverageInput', {
  description: 'What coverage reports belong to, and how they are read.',
  fields: (t) => ({
    ...targetFields(t),
    format: t.field({
      type: CoverageFormatRef,
      description: 'Format of all files; found by their content when absent.',
    }),
  }),
});

const UploadCoveragePayload = builder
  .objectRef<UploadedCoverage>('UploadCoveragePayload')
  .implement({
    description: 'What became of an upload of coverage reports.',
    fields: (t) => ({
      ...uploadFields(t),
      report: t.field({
        type: CoverageReportRef,
        nullable: true,
        description: 'The one report they make together; null when none could be read.',
        authScopes: { capability: 'READ' },
        resolve: ({ report }) => report,
      }),
      created: t.exposeBoolean('created', {
        description: 'False when the same files were stored for the build before.',
      }),
    }),
  });

builder.mutationField('uploadCoverage', (t) =>
  t.field({
    type: UploadCoveragePayload,
    description:
      'Stores coverage reports of a build as one report, as files or in archives, up to 512 MiB. What several say of a source file is merged line by line. The same files for the same build are stored once. Needs INGEST.',
    errors: { types: [NotFoundError, TooLargeError] },
    args: {
      input: t.arg({
        type: UploadCoverageInput,
        required: true,
        description: 'What they belong to.',
      }),
      files: t.arg({ type: ['File'], required: true, description: 'The files.' }),
    },
    resolve: (_root, { input, files }, ctx) =>
      uploadCoverage(
        ctx,
        toTarget(input),
        files.map(({ file }) => file),
      ),
  }),
);
