import type { Database } from '../db/client.ts';
import { notifyFlakyTests } from '../db/notify-flaky-test.ts';
import type { Engine } from '../engine/run-pass.ts';
import { tellTransitions } from '../outgoing/tell-transitions.ts';
import { applyQuarantineRule } from '../triage/apply-quarantine-rule.ts';
import { moveQuarantines } from '../triage/move-quarantines.ts';

/** The analytics with all that hangs on a pass: what follows from a test's new state, in the same transaction. */
export function analyticsEngine(db: Database, now: () => Date): Engine {
  return {
    db,
    now,
    onJudged: async (tx, judged) => {
      await moveQuarantines(tx, judged);
      await applyQuarantineRule(tx, judged);
      await tellTransitions(tx, judged.organizationId, judged.transitions);
      await notifyFlakyTests(tx, judged.transitions);
    },
  };
}
