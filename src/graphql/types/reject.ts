import type { Reject } from '../../ingest/rejects.ts';
import { builder } from '../builder.ts';

export const RejectRef = builder.objectRef<Reject>('Reject').implement({
  description: 'An item that was not stored; the others of its request were.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its position in the list that was sent, from 0.' }),
    name: t.exposeString('name', { nullable: true, description: 'Its name, if it has one.' }),
    path: t.stringList({
      description: 'Where the problem stands: keys and list positions from the arguments down.',
      resolve: ({ path }) => [...path],
    }),
    reason: t.exposeString('reason', { description: 'What is wrong there.' }),
  }),
});
