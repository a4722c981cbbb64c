import { type AgentFilter, agents } from '../../analytics/agents.ts';
import { agentStatusAt } from '../../domain/agent-ageing.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { describe } from '../fields.ts';
import { AgentStatusRef } from './enums.ts';

export const AgentRef = builder.prismaNode('Agent', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    instance: t.exposeString('instance'),
    server: t.exposeString('server'),
    name: t.exposeString('name'),
    status: t.field({
      type: AgentStatusRef,
      description:
        'What it is doing as far as is known now: OFFLINE when nothing was heard of it for 24 hours, UNKNOWN when it was said to build more than 6 hours ago and not again, else what was reported.',
      resolve: (agent, _args, { now }) => agentStatusAt(agent, now()),
    }),
    reportedStatus: t.field({
      type: AgentStatusRef,
      description: describe('Agent', 'status'),
      resolve: ({ status }) => status,
    }),
    statusRaw: t.exposeString('statusRaw'),
    currentJob: t.exposeString('currentJob', { nullable: true }),
    labels: t.exposeStringList('labels'),
    os: t.exposeString('os', { nullable: true }),
    arch: t.exposeString('arch', { nullable: true }),
    executors: t.exposeInt('executors', { nullable: true }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
  }),
});

export const AgentConnection = builder.connectionObject(
  { type: AgentRef, name: 'AgentConnection', description: 'A page of agents.' },
  { name: 'AgentEdge', description: 'An agent and its place in the list.' },
);

const filter = builder.inputType('AgentFilter', {
  description: 'Which agents. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    status: t.field({
      type: [AgentStatusRef],
      description: 'Only those whose `status` (not the reported one) is one of these.',
    }),
    server: t.string({ description: 'Only of this CI server, by its host, e.g. `github.com`.' }),
    instance: t.string({ description: 'Only of this CI server, as it was sent.' }),
    labels: t.stringList({ description: 'Only with all of these labels.' }),
    os: t.stringList({ description: 'Only with one of these systems, in any letter case.' }),
    text: t.string({
      description: 'Only with this text in the name or the current job, in any letter case.',
    }),
  }),
});

const order = orderInput('AgentOrder', { LAST_SEEN_AT: 'When it was last reported.' });

/** Arguments and filter of every list of agents. */
export const agentList = {
  args: { filter, order },
  toFilter: (asked: AgentFilter): AgentFilter => asked,
};

builder.queryField('agents', (t) =>
  t.connection(
    {
      type: AgentRef,
      description:
        'CI agents, those heard of last first. One that nothing was heard of for 90 days is forgotten.',
      args: {
        filter: t.arg({ type: filter, description: 'Which agents.' }),
        orderBy: t.arg({ type: order, description: 'LAST_SEEN_AT DESC when absent.' }),
      },
      resolve: resolveList(agents, agentList.toFilter),
    },
    AgentConnection,
  ),
);
