import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Capability } from '../db/generated/prisma/enums.ts';
import { errorCode } from '../error-code.ts';
import { createApiKey } from '../identity/create-api-key.ts';
import { operatorContext } from '../identity/organizations.ts';
import type { RunningGateway } from '../serve.ts';

const organization = 'default';

/**
 * Gives a key that works: `BOOTSTRAP_API_KEY`, else the one that an earlier demo left in
 * `DATA_DIR/demo-key`, else a new one, which is left there. Stored keys cannot be read back, so the demo
 * keeps its own, beside the database that it opens.
 */
export async function demoKey(gateway: RunningGateway): Promise<string> {
  const { bootstrapApiKey, dataDir } = gateway.config;
  const path = join(dataDir, 'demo-key');
  for (const candidate of [bootstrapApiKey, await readKey(path)]) {
    if (candidate !== undefined && (await isWorking(gateway.url, candidate))) return candidate;
  }

  const { db, log } = gateway;
  const ctx = await operatorContext(db, organization, { log, now: () => new Date() });
  const { secret } = await createApiKey(ctx, {
    name: 'demo',
    capabilities: Object.values(Capability),
  });
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${secret}\n`, { mode: 0o600 });
  return secret;
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isWorking(url: string, key: string): Promise<boolean> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { organization { slug } } }' }),
  });
  return response.ok;
}
