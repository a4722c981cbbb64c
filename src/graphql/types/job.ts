import { type Job, jobs } from '../../analytics/jobs.ts';
import { builder } from '../builder.ts';
import { afterArg, firstArg } from '../common-args.ts';
import { toConnection } from '../connection.ts';
import { reachable } from '../related.ts';
import { wantedOf } from '../wanted.ts';
import { RepositoryRef } from './repository.ts';

export const JobRef = builder.objectRef<Job>('Job').implement({
  description: 'A pipeline, workflow or job of a repository, as its builds name it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The `jobName` of its builds.' }),
    repository: t.field({
      type: RepositoryRef,
      nullable: true,
      description: 'Its repository; null when its builds have none.',
      ...reachable<Job, 'Repository'>('Repository', 'repositoryId'),
    }),
  }),
});

export const JobConnection = builder.connectionObject(
  { type: JobRef, name: 'JobConnection', description: 'A page of jobs.' },
  { name: 'JobEdge', description: 'A job and its place in the list.' },
);

builder.queryField('jobs', (t) =>
  t.field({
    type: JobConnection,
    description: 'Jobs of all repositories, and of builds without one, by name.',
    args: { first: firstArg(t.arg), after: afterArg(t.arg) },
    resolve: async (_root, question, ctx, info) => {
      const { totalCount } = wantedOf(info);
      return toConnection(await jobs(ctx, { ...question, totalCount }));
    },
  }),
);
