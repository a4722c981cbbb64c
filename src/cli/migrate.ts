import type { Command } from 'commander';
import { withDatabase } from './with-database.ts';

const example = `
Example:
  DATABASE_URL=postgresql://ci:secret@db/buildatlas buildatlas migrate --status`;

export function addMigrateCommand(program: Command, databaseHelp: string): void {
  program
    .command('migrate')
    .description('apply pending migrations (serve does it too, at each start)')
    .option(
      '--status',
      'only list the migrations; exit code 1 when one is not applied as it is here',
    )
    .addHelpText('after', databaseHelp + example)
    .action(async ({ status }: { status?: true }) => {
      await (status === true ? printStatus() : applyPending());
    });
}

async function applyPending(): Promise<void> {
  const { migrate } = await import('../db/migrate.ts'); // late: other commands need no database
  const applied = await withDatabase(migrate);
  for (const name of applied) console.log(`applied  ${name}`);
  if (applied.length === 0) console.log('The database is up to date.');
}

async function printStatus(): Promise<void> {
  const { migrationStatus } = await import('../db/migrate.ts');
  const migrations = await withDatabase(migrationStatus);
  for (const { name, state, appliedAt } of migrations) {
    console.log([state.padEnd(8), name, appliedAt?.toISOString() ?? ''].join('  ').trimEnd());
  }
  const isUpToDate = migrations.every(({ state }) => state === 'applied' || state === 'unknown');
  if (!isUpToDate) process.exitCode = 1;
}
