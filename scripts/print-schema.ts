// npm run schema: writes schema.graphql, the printed form of the schema in src/graphql.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { printedSchema } from './printed-schema.ts';
import { repository } from './run-tool.ts';

writeFileSync(path.join(repository, 'schema.graphql'), printedSchema());
