import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

/** What came back over the socket. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly text: string;
}

/**
 * Sends a request byte for byte as the runtime of the GitHub action does: headers in its order and its letter case
 * (Contract: buildbutler.md 3), then gives the answer.
 */
export async function sendAsAction(
  origin: string,
  path: string,
  keyHeader: string,
  body: string,
): Promise<RawAnswer> {
  const { host, hostname, port } = new URL(origin);
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    'connection: keep-alive',
    'Content-Type: application/json',
    keyHeader,
    'accept: */*',
    'accept-language: *',
    'sec-fetch-mode: cors',
    'user-agent: node',
    'accept-encoding: gzip, deflate',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    '',
  ].join('\r\n');
  return sendBytes({ hostname, port: Number(port) }, head + body);
}

/** Sends bytes over a connection of their own and reads one answer. */
export async function sendBytes(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  bytes: string | Uint8Array,
): Promise<RawAnswer> {
  const socket = connect(port, hostname);
  try {
    socket.write(bytes);
    let received = '';
    for await (const chunk of socket) {
      received += String(chunk);
      const answer = parseAnswer(received);
      if (answer !== null) return answer;
    }
    throw new Error(`the connection ended after ${JSON.stringify(received)}`);
  } finally {
    socket.destroy();
  }
}

function parseAnswer(received: string): RawAnswer | null {
  const [headers = '', ...rest] = received.split('\r\n\r\n');
  const text = rest.join('\r\n\r\n');
  const length = /^content-length: (\d+)$/im.exec(headers)?.[1];
  const isWhole = length === undefined ? text.endsWith('0') : Buffer.byteLength(text) >= +length;
  if (rest.length === 0 || !isWhole) return null;
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(headers)?.[1]), headers, text };
}

/** The build as the latest generation of the action sends it: these fields in this order. */
export function latestBuild(id: string, runId: string) {
  const workflow = 'https://github.com/acme/widgets/actions/workflows/ci.yml';
  return {
    id,
    jobName: 'CI',
    jobUrl: workflow,
    buildNumber: 42,
    status: 'SUCCESS',
    duration: 95_319,
    startedAt: '2026-03-02T10:00:00Z',
    completedAt: '2026-03-02T10:01:35.319Z',
    branch: '17/merge',
    commitSha: '0123456789abcdef0123456789abcdef01234567',
    jenkinsInstanceId: workflow,
    url: `https://github.com/acme/widgets/actions/runs/${runId}`,
    cause: 'pull_request',
    nodeInfo: { nodeName: 'GitHub Actions 7', nodeLabels: [], isBuiltIn: true },
    source: 'github',
    externalRunId: runId,
  };
}

/** The build as the first generation sends it. */
export function firstBuild(id: string, runId: string) {
  return {
    id,
    jobName: 'CI',
    buildNumber: 42,
    status: 'FAILURE',
    duration: 1000,
    startedAt: '2026-03-02T10:00:00Z',
    completedAt: '2026-03-02T10:00:01Z',
    branch: 'main',
    commitSha: '0123456789abcdef0123456789abcdef01234567',
    jenkinsInstanceId: 'acme/widgets',
    cause: 'push',
    nodeInfo: { nodeName: 'GitHub Actions 7', nodeLabels: [], isBuiltIn: true },
    source: 'github',
    externalRunId: runId,
  };
}

/** The odd suites of section 7.3, as JSON text: what JavaScript cannot write otherwise is in it. */
export function oddSuites(buildId: string): string[] {
  const suite = (name: string, rest: string) => `{"buildId":"${buildId}","name":"${name}",${rest}}`;
  const cases = (testCases: string, duration = '1') =>
    `"totalCount":1,"passCount":1,"failCount":0,"skipCount":0,"duration":${duration},"testCases":[${testCases}]`;
  const passed = (name: string, duration = '1.1') =>
    `{"className":"C","testName":"${name}","status":"PASSED","duration":${duration}}`;
  const failed = (name: string, rest: string) =>
    `{"className":"C","testName":"${name}","status":"FAILED","duration":2${rest}}`;
  return [
    suite('no cases', cases('')),
    suite('unnamed', cases(passed('first'))),
    suite('unnamed', cases(passed('second'))),
    suite('neither message nor trace', cases(failed('bare', ''))),
    suite('null durations', cases(passed('timeless', 'null'), 'null')),
    suite('numeric trace', cases(failed('number', ',"errorMessage":"","stackTrace":12345'))),
    suite('boolean trace', cases(failed('boolean', ',"errorMessage":"m","stackTrace":true'))),
    suite('', cases('{"className":"","testName":"","status":"PASSED","duration":0}')),
    suite('fractions', cases(passed('fraction', '2007.0000000000002'), '2007.0000000000002')),
    suite('odd text', cases(failed('nul', ',"errorMessage":"a\\u0000b","stackTrace":"\\ud800x"'))),
    suite('error', cases('{"className":"C","testName":"e","status":"ERROR","duration":1}')),
    suite('skipped', cases('{"className":"C","testName":"s","status":"SKIPPED","duration":0}')),
  ];
}

export const anId = (): string => randomUUID();
