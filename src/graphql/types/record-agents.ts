import { type RecordedAgents, recordAgents } from '../../ingest/record-agents.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';
import { AgentStatusRef } from './enums.ts';
import { RejectRef } from './reject.ts';

const AgentInput = builder.inputType('AgentInput', {
  description: 'One agent, and what it is doing.',
  fields: (t) => ({
    name: t.string({ required: true, description: describe('Agent', 'name') }),
    status: t.field({ type: AgentStatusRef, required: true, description: 'What it is doing.' }),
    statusRaw: t.string({
      description: "The CI's own word for the status; the enum's when absent.",
    }),
    currentJob: t.string({ description: 'Job it is running.' }),
    labels: t.stringList({ description: 'Labels; those known stay when there are none.' }),
    os: t.string({ description: describe('Agent', 'os') }),
    arch: t.string({ description: describe('Agent', 'arch') }),
    executors: t.int({ description: describe('Agent', 'executors') }),
  }),
});

const RecordAgentsInput = builder.inputType('RecordAgentsInput', {
  description: 'What a CI server says of its agents and its queue.',
  fields: (t) => ({
    instance: t.string({
      required: true,
      description: 'The CI server, by its address, e.g. `https://github.com`, or by any name.',
    }),
    agents: t.field({
      type: [AgentInput],
      required: true,
      description: 'Up to 10,000 of its agents. Nothing is concluded about those left out.',
    }),
    queueItems: t.field({
      type: ['JSONObject'],
      description:
        'Up to 10,000 jobs that wait for an agent, kept as they are; see `AgentQueueItem` for what is read. Absent when nothing is known of the queue.',
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'When this was so; now when absent.',
    }),
  }),
});

const RecordAgentsPayload = builder.objectRef<RecordedAgents>('RecordAgentsPayload').implement({
  description: 'What became of the report.',
  fields: (t) => ({
    server: t.exposeString('server', { description: describe('Agent', 'server') }),
    accepted: t.exposeInt('accepted', { description: 'How many agents are stored or updated.' }),
    rejected: t.field({
      type: [RejectRef],
      description: 'Those that are not stored, and why.',
      resolve: ({ rejected }) => [...rejected],
    }),
  }),
});

builder.mutationField('recordAgents', (t) =>
  t.field({
    type: RecordAgentsPayload,
    description:
      'Stores what agents are doing, and the report in the history of their server. An agent is known by its server and its name; a report older than what is known of an agent fills gaps only. Needs INGEST.',
    errors: {},
    args: { input: t.arg({ type: RecordAgentsInput, required: true, description: 'The report.' }) },
    resolve: (_root, { input }, ctx) => recordAgents(ctx, input),
  }),
);
