// npm run check [-- step ...]: everything but the tests, one step after the other, up to the first
// that fails. A step is the script `check:<step>` of package.json.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './run-tool.ts';

/** Fast and frequent first; each with how to mend it. */
const hints: Readonly<Record<string, string>> = {
  format: 'npx prettier --write . mends it',
  lint: 'npx eslint --fix . mends some',
  types: 'mend the types',
  imports: 'CONTRIBUTING.md, "Layout" says who may import whom',
  knip: 'remove what nothing uses',
  schema: 'npm run schema writes schema.graphql; deprecate instead of removing',
  descriptions: 'describe it in src/graphql, or in prisma/schema.prisma when it is a column',
  codegen: 'npm run generate -- --force',
  migrations: 'npm run migration:new -- name_of_the_change',
};

// The file is ours; npm itself would not run without its scripts.
const { scripts } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string | undefined>>;
};

// Scripts run as npm runs them: in a shell that finds the commands of our dependencies.
const searchPath = [path.join(repository, 'node_modules/.bin'), process.env['PATH']].join(
  path.delimiter,
);

const asked = process.argv.slice(2);
const steps = asked.length > 0 ? asked : Object.keys(hints);
const unknown = steps.filter((name) => !(name in hints));
if (unknown.length > 0) {
  console.error(
    `No such check: ${unknown.join(', ')}. There are ${Object.keys(hints).join(', ')}.`,
  );
  process.exit(2);
}
process.exitCode = runStep('generate', 'generate') && steps.every(checkStep) ? 0 : 1;

function checkStep(name: string): boolean {
  const passed = runStep(name, `check:${name}`);
  if (!passed) console.error(`\nTo mend it: ${hints[name] ?? ''}`);
  return passed;
}

function runStep(name: string, script: string): boolean {
  const command = scripts[script];
  if (command === undefined) throw new Error(`package.json has no script ${script}`);

  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, PATH: searchPath, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
    maxBuffer: 2 ** 28,
    shell: true,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(13)} ${seconds.padStart(5)} s`);
  if (status !== 0) console.error(`\n$ ${command}\n${stdout}${stderr}`);
  return status === 0;
}
