import { NotFoundError } from '../../errors.ts';
import type { BuildChange } from '../../ingest/notify-build.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { BuildRef } from './build.ts';

builder.subscriptionField('buildUpdated', (t) =>
  t.field({
    type: BuildRef,
    description:
      'Each build of the repository as it is when it or its stages change, through whichever gateway. Ends when the key stops working.',
    args: {
      repositoryId: t.arg.id({
        required: true,
        description: 'The repository, by its `id` or `databaseId`.',
      }),
    },
    subscribe: async (_root, args, { tenant, loaders, events, keyStillReads }) => {
      const repositoryId = databaseId('Repository', args.repositoryId, ['repositoryId']);
      const repository = await loaders.row('Repository', repositoryId);
      if (repository === null) throw new NotFoundError('there is no such repository');
      const { organizationId } = tenant;
      return events.builds({ organizationId, repositoryId, mayRead: keyStillReads });
    },
    resolve: async ({ buildId }: BuildChange, _args, { loaders }) => {
      const build = await loaders.row('Build', buildId);
      if (build === null) throw new NotFoundError('the build has gone');
      return build;
    },
  }),
);
