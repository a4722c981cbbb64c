import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const modules = path.join(repository, 'node_modules');
const run = promisify(execFile);

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Makes a project as a user of the package has it: our client, built and reached through the exports of
 * package.json, and what npm would install with it. It ends with the test.
 */
export async function createConsumerProject(sources: Readonly<Record<string, string>>) {
  const root = await mkdtemp(path.join(tmpdir(), 'buildatlas-consumer-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await installClient(path.join(root, 'node_modules'));

  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false, // the declarations of the package are on trial too
  };
  await writeFile(path.join(root, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  for (const [name, source] of Object.entries(sources)) {
    await writeFile(path.join(root, name), source);
  }

  return {
    /** Compiles everything and gives the complaints of the compiler. */
    compile: (): Promise<string> => tsc(path.join(root, 'tsconfig.json')),
    /** Runs a compiled file to its end. */
    run: (file: string, args: readonly string[]): Promise<Output> =>
      run(process.execPath, [path.join(root, file), ...args]),
  };
}

async function installClient(into: string): Promise<void> {
  const installed = path.join(into, 'buildatlas');
  await mkdir(installed, { recursive: true });
  await cp(path.join(repository, 'package.json'), path.join(installed, 'package.json'));
  for (const dependency of ['@graphql-typed-document-node', 'graphql', '@types']) {
    await symlink(path.join(modules, dependency), path.join(into, dependency));
  }
  // As `npm run build` does it, but into another place, and code and declarations in one go.
  const complaints = await tsc(
    path.join(repository, 'tsconfig.client.json'),
    ...['--outDir', path.join(installed, 'dist', 'client')],
    ...['--emitDeclarationOnly', 'false'],
  );
  if (complaints !== '') throw new Error(`the client does not compile:\n${complaints}`);
}

/** Runs the compiler and gives what it says is wrong; it then ends with 1 or 2. */
async function tsc(project: string, ...options: string[]): Promise<string> {
  const compiler = path.join(modules, 'typescript', 'bin', 'tsc');
  const args = [compiler, '--project', project, '--pretty', 'false', ...options];
  try {
    return (await run(process.execPath, args, { cwd: path.dirname(project) })).stdout;
  } catch (failure) {
    if (isOutput(failure) && failure.stdout !== '') return failure.stdout;
    throw failure;
  }
}

function isOutput(value: unknown): value is Output {
  return typeof value === 'object' && value !== null && 'stdout' in value && 'stderr' in value;
}
