import type { FileReject } from '../../ingest/file-tally.ts';
import { builder } from '../builder.ts';
import { orderInput } from '../connection.ts';
import { describe } from '../fields.ts';

const FileRejectRef = builder.objectRef<FileReject>('FileReject').implement({
  description: 'An item of a file that was not stored; the others were.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its position in the file, from 0.' }),
    name: t.exposeString('name', { nullable: true, description: 'Its name, if it has one.' }),
    reason: t.exposeString('reason', { description: 'What is wrong with it.' }),
  }),
});

export const ReportFileRef = builder.prismaObject('ReportFile', {
  fields: (t) => ({
    position: t.exposeInt('position'),
    name: t.exposeString('name'),
    format: t.exposeString('format', { nullable: true }),
    attempts: t.exposeInt('attempts'),
    accepted: t.exposeInt('accepted'),
    duplicates: t.exposeInt('duplicates'),
    rejectedCount: t.exposeInt('rejectedCount'),
    rejected: t.field({
      type: [FileRejectRef],
      description: describe('ReportFile', 'rejects'),
      resolve: ({ rejects }) => rejects as unknown as FileReject[], // written by keepTallies
    }),
    warningCount: t.exposeInt('warningCount'),
    warnings: t.exposeStringList('warnings'),
    problem: t.exposeString('problem', { nullable: true }),
  }),
});

export const ReportFileConnection = builder.connectionObject(
  { type: ReportFileRef, name: 'ReportFileConnection', description: 'A page of uploaded files.' },
  { name: 'ReportFileEdge', description: 'An uploaded file and its place in the list.' },
);

const filter = builder.inputType('ReportFileFilter', {
  description: 'Which files.',
  fields: (t) => ({
    hasProblem: t.boolean({
      description: 'Only those that were not read to their end, or only the others.',
    }),
  }),
});

const order = orderInput('ReportFileOrder', { POSITION: 'Place in the upload.' });

/** Arguments of every list of uploaded files. */
export const reportFileList = { args: { filter, order } };
