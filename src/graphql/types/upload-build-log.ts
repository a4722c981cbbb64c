import { NotFoundError, TooLargeError } from '../../errors.ts';
import type { AttachedLog } from '../../ingest/attach-build-log.ts';
import { uploadBuildLog } from '../../ingest/upload-build-log.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { BuildLogRef } from './build-log.ts';
import { BuildRef } from './build.ts';

const UploadBuildLogInput = builder.inputType('UploadBuildLogInput', {
  description: 'What a log belongs to.',
  fields: (t) => ({
    buildId: t.id({
      required: true,
      description: 'The build, by its `id`, its `databaseId` or the id it was sent with.',
    }),
  }),
});

const UploadBuildLogPayload = builder.objectRef<AttachedLog>('UploadBuildLogPayload').implement({
  description: 'The log as it is stored now.',
  fields: (t) => ({
    build: t.field({
      type: BuildRef,
      description: 'The build it belongs to.',
      authScopes: { capability: 'READ' },
      resolve: ({ build }) => build,
    }),
    log: t.field({
      type: BuildLogRef,
      description: 'The log.',
      authScopes: { capability: 'READ' },
      resolve: ({ log }) => log,
    }),
    replaced: t.boolean({
      description: 'Whether the build had a log before.',
      resolve: ({ replaced }) => replaced !== null,
    }),
  }),
});

builder.mutationField('uploadBuildLog', (t) =>
  t.field({
    type: UploadBuildLogPayload,
    description:
      'Stores the console log of a build, in place of the one it had: a file of UTF-8 text, or one packed in gzip, up to 512 MiB that unpack to 2 GiB. Lines `=== Job: NAME ===` begin its sections. Needs INGEST.',
    errors: { types: [NotFoundError, TooLargeError] },
    args: {
      input: t.arg({
        type: UploadBuildLogInput,
        required: true,
        description: 'What it belongs to.',
      }),
      file: t.arg({ type: 'File', required: true, description: 'The log.' }),
    },
    resolve: (_root, { input, file }, ctx) => {
      const buildId = databaseId('Build', input.buildId, ['input', 'buildId']);
      return uploadBuildLog(ctx, { buildId }, file.file);
    },
  }),
);
