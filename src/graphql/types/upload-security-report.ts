import { NotFoundError, TooLargeError } from '../../errors.ts';
import {
  type UploadedSecurityReports,
  uploadSecurityReport,
} from '../../ingest/upload-security-report.ts';
import { builder } from '../builder.ts';
import { SecurityReportRef } from './reports.ts';
import { uploadFields } from './upload-fields.ts';
import { targetFields, toTarget } from './upload-target.ts';

const UploadSecurityReportInput = builder.inputType('UploadSecurityReportInput', {
  description: 'What security reports belong to.',
  fields: (t) => ({
    ...targetFields(t),
    tool: t.string({
      description: 'Scanner of reports that do not name one; `unknown` when absent.',
    }),
    kind: t.string({
      description:
        '`sast`, `dependency`, `container` or `secret`; what the reports say when absent.',
    }),
  }),
});

const UploadSecurityReportPayload = builder
  .objectRef<UploadedSecurityReports>('UploadSecurityReportPayload')
  .implement({
    description: 'What became of an upload of security reports.',
    fields: (t) => ({
      ...uploadFields(t),
      reports: t.field({
        type: [SecurityReportRef],
        description: 'One for each scanner; none when nothing could be read.',
        authScopes: { capability: 'READ' },
        resolve: ({ reports }) => [...reports],
      }),
      created: t.exposeInt('created', { description: 'How many of them are new.' }),
    }),
  });

builder.mutationField('uploadSecurityReport', (t) =>
  t.field({
    type: UploadSecurityReportPayload,
    description:
      'Stores security reports of a build (SARIF 2.1.0, or a JSON object with `findings` or `vulnerabilities`), as files or in archives, up to 512 MiB. The same files for the same build are stored once. Needs INGEST.',
    errors: { types: [NotFoundError, TooLargeError] },
    args: {
      input: t.arg({
        type: UploadSecurityReportInput,
        required: true,
        description: 'What they belong to.',
      }),
      files: t.arg({ type: ['File'], required: true, description: 'The files.' }),
    },
    resolve: (_root, { input, files }, ctx) =>
      uploadSecurityReport(
        ctx,
        toTarget(input),
        files.map(({ file }) => file),
      ),
  }),
);
