import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../src/config.ts';

/** Names of the files of uploads that a gateway has on its own disk. */
export async function spooledFiles({
  config,
}: {
  readonly config: Pick<Config, 'dataDir'>;
}): Promise<string[]> {
  const dir = join(config.dataDir, 'spool');
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
