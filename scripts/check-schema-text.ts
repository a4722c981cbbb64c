// npm run check:descriptions: schema.graphql describes everything and gives each deprecation a reason.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './run-tool.ts';
import { schemaProblems } from './schema-problems.ts';

const problems = schemaProblems(readFileSync(path.join(repository, 'schema.graphql'), 'utf8'));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
