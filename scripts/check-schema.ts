// npm run check:schema: schema.graphql is what the code prints, and breaks no client of the schema
// that git has at SCHEMA_BASE (a commit or branch; HEAD when unset).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { printedSchema } from './printed-schema.ts';
import { repository } from './run-tool.ts';

const printed = printedSchema();
const problems = [...staleness(), ...breaks(process.env['SCHEMA_BASE'] ?? 'HEAD')];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function staleness(): string[] {
  const written = readFileSync(path.join(repository, 'schema.graphql'), 'utf8');
  return written === printed ? [] : ['schema.graphql is not what the code prints: npm run schema'];
}

function breaks(base: string): string[] {
  const published = atCommit(base);
  if (published === null) return [];
  const changes = findBreakingChanges(buildSchema(published), buildSchema(printed));
  return changes.map(({ description }) => `breaks clients of ${base}: ${description}`);
}

/** Null where there is no git, or no schema at that commit yet. */
function atCommit(base: string): string | null {
  const { status, stdout } = spawnSync('git', ['show', `${base}:schema.graphql`], {
    cwd: repository,
    encoding: 'utf8',
  });
  return status === 0 ? stdout : null;
}
