// npm run generate [-- prisma | codegen | --force]: Prisma client, Pothos types and typed documents,
// where stale.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository, runTool } from './run-tool.ts';

interface Step {
  readonly name: string;
  /** Files, and folders with everything in them. */
  readonly inputs: readonly string[];
  readonly outputs: readonly [string, ...string[]];
  readonly run: () => void;
}

const steps: readonly Step[] = [
  {
    name: 'prisma',
    inputs: ['package-lock.json', 'prisma.config.ts', 'prisma/schema.prisma'],
    outputs: ['src/db/generated/pothos.ts', 'src/db/generated/prisma/client.ts'],
    run: () => {
      // `generate` needs no schema engine, but downloads one. Any executable keeps it from that.
      runTool('prisma', ['generate'], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
    },
  },
  {
    name: 'codegen',
    inputs: ['package-lock.json', 'codegen.ts', 'schema.graphql', 'src/client/operations', 'test'],
    outputs: ['test/generated/gql.ts', 'src/client/generated/graphql.ts'],
    run: () => {
      runTool('graphql-codegen', ['--errors-only']);
    },
  },
];

const asked = process.argv.slice(2).filter((argument) => argument !== '--force');
const isForced = process.argv.includes('--force');
for (const step of steps) if (asked.length === 0 || asked.includes(step.name)) generate(step);

function generate({ name, inputs, outputs, run }: Step): void {
  // A digest, not times: the tools leave an output alone when it would not change.
  const stamp = path.join(repository, path.dirname(outputs[0]), '.inputs');
  const digest = digestOf(inputs);
  const isThere = [stamp, ...outputs].every((file) => existsSync(path.resolve(repository, file)));
  if (!isForced && isThere && readFileSync(stamp, 'utf8') === digest) return;

  console.log(`generate: ${name}`);
  run();
  writeFileSync(stamp, digest);
}

function digestOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesOf)) {
    const content = readFileSync(path.join(repository, file));
    // Most tests hold no document: a change in them is no reason to generate.
    if (file.startsWith('test/') && !content.includes('graphql(')) continue;
    hash.update(file).update('\0').update(content).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(input: string): string[] {
  const absolute = path.join(repository, input);
  if (!statSync(absolute).isDirectory()) return [input];

  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(input, file.split(path.sep).join('/')))
    .filter((file) => /\.(ts|graphql)$/.test(file) && !/\/(generated|fixtures)\//.test(file))
    .sort();
}
