import { Agent, request } from 'node:http';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Rate {
  readonly requestsPerSecond: number;
  readonly bytes: number;
}

/** Sends one request over and over from 10 connections, for so many seconds, and counts the answers. */
export async function measureRate(load: Load, seconds: number): Promise<Rate> {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const end = performance.now() + seconds * 1000;
  const begin = performance.now();
  let answers = 0;
  let bytes = 0;
  const connection = async (): Promise<void> => {
    while (performance.now() < end) {
      bytes = await send(agent, load);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: 10 }, connection));
  agent.destroy();
  return { requestsPerSecond: answers / ((performance.now() - begin) / 1000), bytes };
}

/** Gives the size of the answer; anything but 200 without errors ends the benchmark. */
function send(agent: Agent, { url, headers, body }: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        const failed = response.statusCode !== 200 || answer.subarray(0, 12).includes('errors');
        if (failed)
          reject(
            new Error(`${String(response.statusCode)}: ${answer.subarray(0, 500).toString()}`),
          );
        else resolve(answer.length);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
