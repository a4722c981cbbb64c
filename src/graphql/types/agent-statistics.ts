import {
  type AgentBucket,
  type AgentFigure,
  type AgentInterval,
  type AgentStatistics,
  agentStatistics,
} from '../../analytics/agent-statistics.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';

const AgentIntervalRef = builder.enumType('AgentStatisticsInterval', {
  description: 'Length of the intervals that figures are given for.',
  values: {
    MINUTE: { description: 'A minute.' },
    FIVE_MINUTES: { description: 'Five minutes.' },
    FIFTEEN_MINUTES: { description: 'Fifteen minutes.' },
    HOUR: { description: 'An hour.' },
    DAY: { description: 'A day of the time zone.' },
    WEEK: { description: 'A week of the time zone, from Monday.' },
  } satisfies Record<AgentInterval, { description: string }>,
});

const AgentFigureRef = builder.objectRef<AgentFigure>('AgentFigure').implement({
  description: 'What the reports of an interval say of one number.',
  fields: (t) => ({
    average: t.exposeFloat('average', { description: 'Average over the reports.' }),
    max: t.exposeInt('max', { description: 'The largest.' }),
  }),
});

const AgentBucketRef = builder.objectRef<AgentBucket>('AgentStatisticsBucket').implement({
  description: 'How agents and queue of a CI server stood in one interval.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      description: 'The first instant that belongs to it.',
    }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      description: 'The first instant that no longer belongs to it.',
    }),
    sampleCount: t.exposeInt('sampleCount', {
      description: 'How many reports fall into it; without any, the figures are null.',
    }),
    queueLength: t.expose('queueLength', {
      type: AgentFigureRef,
      nullable: true,
      description: 'Jobs that waited for an agent; null when no report spoke of a queue.',
    }),
    busy: t.expose('busy', {
      type: AgentFigureRef,
      nullable: true,
      description: 'Agents that were BUILDING.',
    }),
    idle: t.expose('idle', {
      type: AgentFigureRef,
      nullable: true,
      description: 'Agents that were ONLINE, with nothing to build.',
    }),
    offline: t.expose('offline', {
      type: AgentFigureRef,
      nullable: true,
      description:
        'Agents that were reported as OFFLINE within 24 hours before; those nobody spoke of for longer are not counted.',
    }),
  }),
});

const AgentStatisticsRef = builder.objectRef<AgentStatistics>('AgentStatistics').implement({
  description: 'How agents and queue of one CI server stood over time.',
  fields: (t) => ({
    server: t.exposeString('server', { description: describe('Agent', 'server') }),
    buckets: t.field({
      type: [AgentBucketRef],
      description: 'All intervals in the order of time, also those without a report.',
      resolve: ({ buckets }) => [...buckets],
    }),
  }),
});

builder.queryField('agentStatistics', (t) =>
  t.field({
    type: [AgentStatisticsRef],
    description:
      'How many jobs waited, and how many agents were busy, idle and offline, over time and by CI server. Each report counts the agents of its server that were heard of within 24 hours, as they were known with it. Reports are kept for 90 days.',
    args: {
      server: t.arg.string({
        description:
          'Only of this CI server, by its host. When absent, of all that reported in that time, at most 50 by name.',
      }),
      instance: t.arg.string({
        description: 'The same, by the server as it was sent; `server` goes before it.',
      }),
      interval: t.arg({
        type: AgentIntervalRef,
        defaultValue: 'HOUR',
        required: true,
        description: 'How long each interval is. At most 1,000 are given.',
      }),
      from: t.arg({
        type: 'DateTime',
        description: 'The first interval holds this instant; a hundred before `to` when absent.',
      }),
      to: t.arg({
        type: 'DateTime',
        description: 'The last interval ends here or after; now when absent.',
      }),
      timeZone: t.arg.string({
        defaultValue: 'UTC',
        required: true,
        description: 'Where intervals begin, e.g. `Europe/Berlin`.',
      }),
    },
    resolve: (_root, args, ctx) => agentStatistics(ctx, args),
  }),
);
