import { repositories, type RepositoryListFilter } from '../../analytics/repositories.ts';
import { storableText } from '../../domain/text.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';

export const RepositoryRef = builder.prismaNode('Repository', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      description: 'UUID of the repository, as REST clients know it.',
    }),
    owner: t.exposeString('owner'),
    name: t.exposeString('name'),
    fullName: t.string({
      description: '`owner/name`, as first written.',
      resolve: ({ owner, name }) => `${owner}/${name}`,
    }),
    provider: t.exposeString('provider', { nullable: true }),
    defaultBranch: t.exposeString('defaultBranch', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

export const RepositoryConnection = builder.connectionObject(
  { type: RepositoryRef, name: 'RepositoryConnection', description: 'A page of repositories.' },
  { name: 'RepositoryEdge', description: 'A repository and its place in the list.' },
);

const filter = builder.inputType('RepositoryFilter', {
  description: 'Which repositories. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    provider: t.stringList({ description: 'Only on one of these code hosts.' }),
    text: t.string({ description: 'Only with this text in `owner/name`, in any letter case.' }),
  }),
});

const order = orderInput('RepositoryOrder', {
  CREATED_AT: 'When it was first mentioned.',
  NAME: '`owner/name` in lower case.',
});

/** Arguments and filter of every list of repositories. */
export const repositoryList = {
  args: { filter, order },
  toFilter: (asked: RepositoryListFilter): RepositoryListFilter => asked,
};

builder.queryFields((t) => ({
  repository: t.prismaField({
    type: RepositoryRef,
    nullable: true,
    description: 'One repository by its name; null if it is not there.',
    args: {
      owner: t.arg.string({ required: true, description: 'Owner, in any letter case.' }),
      name: t.arg.string({ required: true, description: 'Name, in any letter case.' }),
    },
    resolve: (query, _root, { owner, name }, { db, tenant: { organizationId } }) =>
      db.prisma.repository.findUnique({
        ...query,
        where: {
          organizationId_slug: {
            organizationId,
            slug: storableText(`${owner}/${name}`.toLowerCase()),
          },
        },
      }),
  }),
  repositories: t.connection(
    {
      type: RepositoryRef,
      description: 'Repositories, those first mentioned last first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which repositories.' }),
        orderBy: t.arg({ type: order, description: 'CREATED_AT DESC when absent.' }),
      },
      resolve: resolveList(repositories, repositoryList.toFilter),
    },
    RepositoryConnection,
  ),
}));
