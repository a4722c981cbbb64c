import { type Engine, runPass } from '../../src/engine/run-pass.ts';
import { waitingOrganizations } from '../../src/engine/waiting-organizations.ts';

/** Takes in events, a pass for each organization in turn, until there are none. */
export async function analyse(engine: Engine): Promise<void> {
  for (;;) {
    const waiting = await waitingOrganizations(engine);
    if (waiting.length === 0) return;
    for (const organizationId of waiting) await runPass(engine, organizationId);
  }
}
