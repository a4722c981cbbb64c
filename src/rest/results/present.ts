import type { Submission } from '../../db/generated/prisma/client.ts';
import type { FileTally } from '../../ingest/file-tally.ts';
import type { Uploaded } from '../../ingest/upload.ts';

/** The answer to an upload, as JSON. */
export interface PresentedReports {
  readonly build: { readonly id: string };
  readonly submission: Pick<Submission, 'id' | 'key' | 'status' | 'failureReason'>;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejectedCount: number;
  readonly files: readonly (Omit<FileTally, 'rejects'> & {
    readonly rejected: FileTally['rejects'];
  })[];
}

/** The answer to an upload: what `uploadTestReports` answers in GraphQL, with ids as they are stored. */
export function presentReports({ build, submission, files }: Uploaded): PresentedReports {
  const sum = (count: 'accepted' | 'duplicates' | 'rejectedCount') =>
    files.reduce((total, file) => total + file[count], 0);
  return {
    build: { id: build.id },
    submission: {
      id: submission.id,
      key: submission.key,
      status: submission.status,
      failureReason: submission.failureReason,
    },
    accepted: sum('accepted'),
    duplicates: sum('duplicates'),
    rejectedCount: sum('rejectedCount'),
    files: files.map(({ rejects, ...file }) => ({ ...file, rejected: rejects })),
  };
}
