import type { UploadedReports } from '../../ingest/upload-test-reports.ts';

/** The answer to an upload: what `uploadTestReports` answers in GraphQL, with ids as they are stored. */
export function presentReports({ build, submission, files }: UploadedReports) {
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
