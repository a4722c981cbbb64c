import type { TaskList } from 'graphile-worker';
import { sendOutgoingJob } from '../db/enqueue-outgoing.ts';
import { sendOutgoing } from '../outgoing/send-outgoing.ts';
import type { System } from '../outgoing/system.ts';

/** So many webhooks are sent at a time: endpoints that are slow to answer hold up no other task. */
export const webhooksAtOnce = 16;

/** The task that sends webhooks, for a runner of its own. */
export function outgoingTasks(system: System): TaskList {
  return {
    [sendOutgoingJob]: async (job) => {
      await sendOutgoing(system, job);
    },
  };
}
