import type { Command } from 'commander';
import { withDatabase } from './with-database.ts';

const example = `
Works out evidence, states and totals anew from the stored results, a few hundred tests at a time. The gateway
may go on meanwhile: who reads sees old or new figures, and nothing is missed.

Example:
  buildatlas analytics rebuild --organization default`;

/** Adds the commands for what the gateway works out of the facts. */
export function addAnalyticsCommand(program: Command, databaseHelp: string): void {
  const analytics = program
    .command('analytics')
    .description('look after what is worked out of the stored results')
    .addHelpText('after', databaseHelp);
  analytics
    .command('rebuild')
    .description('work out all analytics anew from the stored results')
    .option('--organization <slug>', 'whose', 'default')
    .addHelpText('after', databaseHelp + example)
    .action(({ organization }: { organization: string }) => rebuild(organization));
}

async function rebuild(slug: string): Promise<void> {
  const { organizationBySlug } = await import('../identity/organizations.ts');
  const { analyticsEngine } = await import('../jobs/analytics-engine.ts');
  const { rebuildAnalytics } = await import('../engine/rebuild-analytics.ts');
  await withDatabase(async (db) => {
    const { id } = await organizationBySlug(db, slug);
    const engine = analyticsEngine(db, () => new Date());
    await rebuildAnalytics(engine, id, ({ doneTests, totalTests }) => {
      console.log(`${String(doneTests)} of ${String(totalTests)} tests`);
    });
    console.log(`The analytics of ${slug} is rebuilt.`);
  });
}
