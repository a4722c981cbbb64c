import type { UploadTarget } from '../../ingest/upload-target.ts';
import type { InputFields } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { BuildStatusRef } from './enums.ts';
import { RepositoryInput } from './repository-input.ts';

/** Input fields that say what an upload belongs to. */
export function targetFields(t: InputFields) {
  return {
    buildId: t.id({
      description:
        'The build, by its `id`, its `databaseId` or the id it was sent with. Without it, the build is found by its page, or by job and number, or by job and code, or made.',
    }),
    repository: t.field({
      type: RepositoryInput,
      description: 'Repository of the reports; needed when no buildId says it.',
    }),
    jobName: t.string({ description: 'Pipeline, workflow or job name; `upload` when absent.' }),
    number: t.field({ type: 'SafeInt', description: 'Build number as the CI counts it.' }),
    buildUrl: t.string({
      description: 'Web page of the build; uploads that share it are one build.',
    }),
    status: t.field({
      type: BuildStatusRef,
      description: 'How the build ended, for a build that is made; OTHER when absent.',
    }),
    startedAt: t.field({ type: 'DateTime', description: 'When the build began, if it is made.' }),
    branch: t.string({ description: "Branch or ref name; the build's when absent." }),
    commitSha: t.string({ description: "Commit SHA; the build's when absent." }),
    treeSha: t.string({ description: "Git tree SHA; the build's when absent." }),
    source: t.string({ description: 'CI system, e.g. `github-actions`.' }),
    tags: t.stringList({ description: 'Labels of the submission.' }),
  };
}

/** Target fields with the build as the services know it. */
export function toTarget<Input extends UploadTarget>(input: Input): Input {
  return { ...input, buildId: optionalDatabaseId('Build', input.buildId, ['input', 'buildId']) };
}
