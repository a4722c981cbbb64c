// npm run generate [-- prisma client tests --force]: what is stale of the Prisma client with the Pothos
// types, the documents of src/client, and the documents of the tests; or only the steps named.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import config, { clientDocuments, testDocuments } from '../codegen.ts';
import { repository, runTool } from './run-tool.ts';

interface Step {
  readonly name: string;
  /** Files, and folders with everything in them. */
  readonly inputs: readonly string[];
  readonly outputs: readonly [string, ...string[]];
  readonly run: () => Promise<unknown> | undefined;
}

const steps: readonly Step[] = [
  {
    name: 'prisma',
    inputs: ['package-lock.json', 'prisma.config.ts', 'prisma/schema.prisma'],
    outputs: ['src/db/generated/pothos.ts', 'src/db/generated/prisma/client.ts'],
    run: () => {
      // `generate` needs no schema engine, but downloads one. Any executable keeps it from that.
      runTool('prisma', ['generate'], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
      return undefined;
    },
  },
  {
    name: 'client',
    inputs: ['package-lock.json', 'codegen.ts', 'schema.graphql', 'src/client/operations'],
    outputs: ['src/client/generated/graphql.ts'],
    run: () => documents(clientDocuments),
  },
  {
    name: 'tests',
    inputs: ['package-lock.json', 'codegen.ts', 'schema.graphql', 'test'],
    outputs: ['test/generated/gql.ts'],
    run: () => documents(testDocuments),
  },
];

const asked = process.argv.slice(2).filter((argument) => argument !== '--force');
const isForced = process.argv.includes('--force');
for (const step of steps) {
  if (asked.length === 0 || asked.includes(step.name)) await generate(step);
}

async function generate({ name, inputs, outputs, run }: Step): Promise<void> {
  // A digest, not times: the tools leave an output alone when it would not change.
  const stamp = path.join(repository, path.dirname(outputs[0]), '.inputs');
  const digest = digestOf(inputs);
  const isThere = [stamp, ...outputs].every((file) => existsSync(path.resolve(repository, file)));
  if (!isForced && isThere && readFileSync(stamp, 'utf8') === digest) return;

  console.log(`generate: ${name}`);
  await run();
  writeFileSync(stamp, digest);
}

/** A part of codegen.ts by itself: a test that is wrong does not keep the gateway from its build. */
async function documents(part: typeof config.generates): Promise<void> {
  const codegen = await import('@graphql-codegen/cli'); // takes a second, seldom needed
  try {
    await codegen.generate({ ...config, generates: part, cwd: repository, silent: true });
  } catch (error) {
    const hint = 'Is schema.graphql behind the code? npm run schema';
    throw new Error(`the documents do not match the schema. ${hint}`, { cause: error });
  }
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
