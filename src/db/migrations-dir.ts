import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** One folder of prisma/migrations. */
export interface Migration {
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the script, hex: what Prisma stores of an applied one. */
  readonly checksum: string;
}

/** Two floors up from here, in src/ as in dist/, is the package. */
const migrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** The migrations that this version brings, in the order of their names, which is their order in time. */
export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);

  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(migrationsDir, name, 'migration.sql'));
      const checksum = createHash('sha256').update(bytes).digest('hex');
      return { name, script: bytes.toString('utf8'), checksum };
    }),
  );
}
