import type { RowOf } from '../../db/columns.ts';
import type { Uploaded } from '../../ingest/upload.ts';
import type { ObjectFields } from '../fields.ts';
import { BuildRef } from './build.ts';
import { ReportFileRef } from './report-file.ts';
import { SubmissionRef } from './submission.ts';

/** Fields of the payload of every upload. */
export function uploadFields<Parent extends Uploaded>(t: ObjectFields<Parent>) {
  return {
    submission: t.field({
      type: SubmissionRef,
      description: 'The upload. FAILED when not one of its files could be read.',
      resolve: ({ submission }) => submission,
    }),
    build: t.field({
      type: BuildRef,
      description: 'The build it belongs to.',
      authScopes: { capability: 'READ' }, // an INGEST key names it, and reads nothing of it
      resolve: ({ build }) => build,
    }),
    files: t.field({
      type: [ReportFileRef],
      description:
        'What became of each file, sorted by name; the files of an archive one by one. `accepted` counts what this request stored.',
      resolve: ({ submission, files }) =>
        files.map((file, position) => ({
          ...file,
          organizationId: submission.organizationId,
          submissionId: submission.id,
          position,
        })) as unknown as RowOf['ReportFile'][], // rejects are JSON there
    }),
  };
}
