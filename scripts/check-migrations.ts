// npm run check:migrations: all migrations together make what prisma/schema.prisma says.
import { schemaDiff } from './schema-diff.ts';
import { withMigratedDatabase } from './with-migrated-database.ts';

await withMigratedDatabase(async (url) => {
  const missing = await schemaDiff(url);
  if (missing === '') return;
  console.error(
    `The migrations do not make what prisma/schema.prisma says. Missing:\n\n${missing}`,
  );
  process.exitCode = 1;
});
