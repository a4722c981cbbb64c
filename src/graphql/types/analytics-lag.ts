import { type AnalyticsLag, analyticsLag } from '../../analytics/analytics-lag.ts';
import { builder } from '../builder.ts';

const AnalyticsLagRef = builder.objectRef<AnalyticsLag>('AnalyticsLag').implement({
  description: 'How far the analytics are behind what is stored.',
  fields: (t) => ({
    seconds: t.exposeFloat('seconds', {
      description: 'How long ago the oldest of what is pending was stored; 0 when nothing is.',
    }),
    pendingEvents: t.expose('pendingEvents', {
      type: 'SafeInt',
      description: 'Pieces of what was stored that are not part of the analytics yet.',
    }),
    oldestAt: t.expose('oldestAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest of them was stored; null when nothing is pending.',
    }),
  }),
});

builder.queryField('analyticsLag', (t) =>
  t.field({
    type: AnalyticsLagRef,
    description: 'How far the analytics of the organization are behind what is stored.',
    resolve: (_root, _args, ctx) => analyticsLag(ctx),
  }),
);
