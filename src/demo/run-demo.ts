import { createDemoClient, type DemoClientOptions } from './demo-client.ts';
import { createHistory } from './history.ts';
import { readJunitProjects } from './junit-projects.ts';
import { createProgress, type ProgressOutput } from './progress.ts';

const HOUR_MS = 3_600_000;
const CONNECTIONS = 4;

export interface DemoOptions extends DemoClientOptions {
  readonly output: ProgressOutput;
  readonly now: () => Date;
  /** How much history; 60 days and 1,500 builds when absent. */
  readonly days?: number;
  readonly builds?: number;
}

/**
 * Fills a gateway with demo data through its GraphQL: reports of real projects and an invented history that ends now. A
 * gateway that has it all is left as it is; one whose demo was interrupted gets the rest of the same history.
 * Gives false when there was nothing to do.
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { output, days = 60, builds = 1_500 } = options;
  const client = createDemoClient(options);
  const note = await client.findNote();
  if (note?.isComplete === true) return false;

  const endsAt = note?.endsAt ?? startOfHour(options.now());
  if (note === null) await client.writeNote({ isComplete: false, endsAt });
  const uploads = await readJunitProjects(endsAt);
  const history = createHistory({ endsAt, days, builds });
  const work = [
    ...uploads.map(
      ({ submission, results }) =>
        () =>
          client.sendSubmission(submission, results),
    ),
    ...history.map((build) => () => client.sendBuild(build)),
  ];
  const progress = createProgress(output, 'Demo data', work.length);
  await runAll(work, async (send) => {
    await send();
    progress.step();
  });
  progress.end();
  await client.sendDecisions(endsAt);
  await client.writeNote({ isComplete: true, endsAt });
  return true;
}

function startOfHour(now: Date): Date {
  return new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
}

/** Does the work in its order, some pieces at a time; the first failure ends it. */
async function runAll<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let hasFailed = false;
  const connection = async (): Promise<void> => {
    for (const item of queue) {
      if (hasFailed) return;
      try {
        await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}
