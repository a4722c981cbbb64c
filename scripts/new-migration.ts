// npm run migration:new -- name: writes the migration from what the migrations make so far to what
// prisma/schema.prisma says. Read it before you commit it, and add by hand what Prisma cannot say.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from './run-tool.ts';
import { schemaDiff } from './schema-diff.ts';
import { withMigratedDatabase } from './with-migrated-database.ts';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0 || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Usage: npm run migration:new -- name_in_snake_case');
  process.exit(2);
}

await withMigratedDatabase(async (url) => {
  const script = await schemaDiff(url);
  const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const file = path.join('prisma', 'migrations', `${timestamp}_${name}`, 'migration.sql');
  await mkdir(path.join(repository, path.dirname(file)));
  await writeFile(path.join(repository, file), script === '' ? '' : `${script}\n`);
  const what = script === '' ? 'is empty: the schema did not change, write it by hand' : 'written';
  console.log(`${file} ${what}`);
});
