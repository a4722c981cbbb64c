import { type TimedBuild, timedStages } from '../../analytics/critical-path.ts';
import type { Build } from '../../db/generated/prisma/client.ts';
import { criticalPath, type CriticalStep } from '../../domain/critical-path.ts';
import { builder } from '../builder.ts';
import { computed, related } from '../related.ts';
import { StageRef } from './stage.ts';

const StepRef = builder.objectRef<CriticalStep>('CriticalPathStep').implement({
  description: 'A stage that others, or the end of the build, waited for.',
  fields: (t) => ({
    stage: t.field({
      type: StageRef,
      description: 'The stage.',
      ...related<CriticalStep, 'Stage'>('Stage', 'id'),
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it began.',
      resolve: ({ startedAt }) => new Date(startedAt),
    }),
    endedAt: t.field({
      type: 'DateTime',
      description: 'When it ended: as sent, else its start and its run time.',
      resolve: ({ endedAt }) => new Date(endedAt),
    }),
    waitMs: t.exposeFloat('waitMs', {
      description:
        'Time from the end of the step before, or the start of the build, to the start of this one, in milliseconds.',
    }),
  }),
});

const CriticalPathRef = builder.objectRef<readonly CriticalStep[]>('CriticalPath').implement({
  description:
    'The chain of stages that determined when a build ended: the stage that ended last, before it the one that ended last of those that had ended when it began, and so on. A stage that contains two or more others which fill at least half of its time and end in its last tenth is left out in favour of them. Of stages that end together, the one that started last is taken. Overlapping stages do not wait for each other.',
  fields: (t) => ({
    steps: t.field({
      type: [StepRef],
      description: 'The stages in the order of time.',
      resolve: (steps) => [...steps],
    }),
    runMs: t.float({
      description: 'Run times of the steps together, in milliseconds.',
      resolve: (steps) => sum(steps, ({ startedAt, endedAt }) => endedAt - startedAt),
    }),
    waitMs: t.float({
      description: '`waitMs` of the steps together, in milliseconds.',
      resolve: (steps) => sum(steps, ({ waitMs }) => waitMs),
    }),
  }),
});

function sum(steps: readonly CriticalStep[], of: (step: CriticalStep) => number): number {
  return steps.reduce((all, step) => all + of(step), 0);
}

function pathBelow() {
  const { extensions, resolve } = computed<Build, object, TimedBuild | null>(
    'id',
    'uuid',
    () => timedStages,
  );
  return {
    extensions,
    resolve: async (...asked: Parameters<typeof resolve>) => {
      const timed = await resolve(...asked);
      return timed === null ? null : criticalPath(timed.stages, timed.startedAt);
    },
  };
}

builder.prismaObjectFields('Build', (t) => ({
  criticalPath: t.field({
    type: CriticalPathRef,
    nullable: true,
    description: 'Which stages determined when it ended; null where no stage has times.',
    authScopes: { capability: 'READ' },
    ...pathBelow(),
  }),
}));
