import { type AgentQueue, agentQueue, type QueueItem } from '../../analytics/agent-queue.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';

const AgentQueueItem = builder.objectRef<QueueItem>('AgentQueueItem').implement({
  description: 'A job that waits for an agent.',
  fields: (t) => ({
    jobName: t.exposeString('jobName', {
      nullable: true,
      description: 'The job: `jobName`, else `task.name` of what was sent.',
    }),
    queuedSince: t.expose('queuedSince', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it began to wait: `queuedSince`, else `inQueueSince`; ISO 8601 or milliseconds since 1970.',
    }),
    waitTimeMs: t.expose('waitTimeMs', {
      type: 'SafeInt',
      nullable: true,
      description:
        'How long it had waited when it was reported, in milliseconds: `waitTime`, else the time since `queuedSince`.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why it waits: `reason`, else `why`.',
    }),
    raw: t.expose('raw', {
      type: 'JSONObject',
      nullable: true,
      description: 'The item as it was sent.',
    }),
  }),
});

const AgentQueueRef = builder.objectRef<AgentQueue>('AgentQueue').implement({
  description: 'What waits for an agent of a CI server.',
  fields: (t) => ({
    server: t.exposeString('server', { description: describe('Agent', 'server') }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      description: 'When it was reported.',
    }),
    length: t.exposeInt('length', { description: 'How many jobs wait.' }),
    items: t.field({
      type: [AgentQueueItem],
      description: 'The first of them, in the order they were sent.',
      resolve: ({ items }) => [...items],
    }),
  }),
});

builder.queryField('agentQueue', (t) =>
  t.field({
    type: AgentQueueRef,
    nullable: true,
    description:
      'The queue of a CI server as it was reported last; null when nobody reported one for 24 hours.',
    args: {
      server: t.arg.string({
        required: true,
        description:
          'The CI server, by its host, e.g. `github.com`, or as it was sent, e.g. `https://github.com`.',
      }),
      first: t.arg.int({
        defaultValue: 100,
        required: true,
        description: 'How many items to give, 0 to 1,000.',
      }),
    },
    resolve: (_root, args, ctx) => agentQueue(ctx, args),
  }),
);
