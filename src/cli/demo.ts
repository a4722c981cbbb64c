import type { Command } from 'commander';
import type { RunningGateway } from '../serve.ts';

const example = `
The data is invented but for the reports of three real projects, and goes in through the gateway's own
GraphQL; a gateway that has it already is left as it is.

Environment: as for serve. Without a BOOTSTRAP_API_KEY that works, the demo makes itself a key and
keeps it in DATA_DIR/demo-key.

Example:
  DATA_DIR=/tmp/demo buildatlas demo`;

/** Adds the command that runs the gateway with demo data. */
export function addDemoCommand(
  program: Command,
  serve: (whenReady: (gateway: RunningGateway) => Promise<void>) => Promise<void>,
): void {
  program
    .command('demo')
    .description('run the gateway with demo data to look at')
    .addHelpText('after', example)
    .action(() => serve(fill));
}

async function fill(gateway: RunningGateway): Promise<void> {
  // Loaded late: other commands need not wait for it.
  const { demoKey } = await import('./demo-key.ts');
  const { runDemo } = await import('../demo/run-demo.ts');
  const apiKey = await demoKey(gateway);
  gateway.offerKey(apiKey);
  const url = `${gateway.url}/graphql`;
  const begin = performance.now();
  const { signal } = gateway;
  const output = process.stdout;
  const isNew = await runDemo({ url, apiKey, signal, output, now: () => new Date() });
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
  const done = isNew ? `The demo data is in, after ${seconds} s.` : 'The demo data is there.';
  console.log(`${done}\n${invitation(url, apiKey)}`);
}

function invitation(url: string, apiKey: string): string {
  return `
  GraphiQL   ${url}
  Key        ${apiKey}   (header: Authorization: Bearer <key>)

  Try:
  1. Which tests are flaky, and how do we know?
     { flakyTests(first: 10) { nodes { evidenceCount testCase { className name } } } }
  2. Why does main of payments-api fail since last week?
     { testResults(first: 5, filter: { repository: "acme/payments-api", branch: "main",
       status: [FAILED, ERRORED] }) { nodes { message recordedAt testCase { name } } } }
  3. Where does the time of a build go?
     { builds(first: 5, filter: { jobName: "e2e-tests" }) { nodes { number status durationMs
       stages { nodes { name status durationMs } } } } }

  Ctrl-C stops it.
`;
}
