import { readFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Subject } from './subject.ts';

const suites = 500;
const casesEach = 1_000;

/** One JUnit report of 500,000 cases and 100 MB over HTTP: how long it takes, and how much memory the gateway grows by. */
export async function largeUpload(subject: Subject): Promise<void> {
  const before = await residentMebibytes(subject.pid, 'VmRSS');
  const begin = performance.now();
  const { answer, bytes } = await upload(subject);
  const seconds = (performance.now() - begin) / 1000;
  if (!answer.includes(`"accepted":${String(suites * casesEach)}`)) throw new Error(answer);

  const growth = (await residentMebibytes(subject.pid, 'VmHWM')) - before;
  console.log(
    `large upload: ${String(suites * casesEach)} cases, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s, ` +
      `memory grew by ${growth.toFixed(0)} MiB (budget: less than 150 MB)`,
  );
}

async function upload({ url, apiKey }: Subject): Promise<{ answer: string; bytes: number }> {
  let bytes = 0;
  const sending = request(`${url}/api/v1/results?repository=acme/large&number=1&commitSha=large`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve).once('error', reject);
  });
  const count = function* (): Generator<string> {
    for (const piece of report()) {
      bytes += piece.length;
      yield piece;
    }
  };
  await pipeline(Readable.from(count()), sending);
  return { answer: await text(await answered), bytes };
}

function* report(): Generator<string> {
  yield '<testsuites>\n';
  for (let suite = 0; suite < suites; suite += 1) yield suiteOf(suite);
  yield '</testsuites>\n';
}

function suiteOf(suite: number): string {
  const cases = Array.from({ length: casesEach }, (_, test) => {
    const failure =
      test % 50 === 0 ? '<failure message="expected 3">at Widget.java:42</failure>' : '';
    return `  <testcase classname="com.acme.widgets.Suite${String(suite)}" name="keeps its promise number ${String(test)} under load and without a network" file="src/test/java/com/acme/widgets/Suite${String(suite)}.java" time="0.${String(test)}">${failure}</testcase>\n`;
  });
  return `<testsuite name="com.acme.widgets.Suite${String(suite)}">\n${cases.join('')}</testsuite>\n`;
}

/** Resident memory of a process: now (`VmRSS`) or the most so far (`VmHWM`). */
async function residentMebibytes(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
