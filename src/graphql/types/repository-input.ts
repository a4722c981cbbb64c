import { builder } from '../builder.ts';
import { describe } from '../fields.ts';

export const RepositoryInput = builder.inputType('RepositoryInput', {
  description: 'A repository by name. It comes into being when it is first mentioned.',
  fields: (t) => ({
    owner: t.string({
      required: true,
      description: 'Owner, e.g. `acme`; may hold slashes (GitLab subgroups).',
    }),
    name: t.string({
      required: true,
      description: 'Name, e.g. `widgets`. Owner and name are case-insensitive.',
    }),
    provider: t.string({ description: describe('Repository', 'provider') }),
    defaultBranch: t.string({ description: describe('Repository', 'defaultBranch') }),
    url: t.string({ description: describe('Repository', 'url') }),
  }),
});
