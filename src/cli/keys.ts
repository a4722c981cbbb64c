import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServiceContext } from '../context.ts';
import { Capability } from '../db/generated/prisma/enums.ts';
import { createApiKey } from '../identity/create-api-key.ts';
import { listApiKeys } from '../identity/list-api-keys.ts';
import { operatorContext } from '../identity/organizations.ts';
import { revokeApiKey } from '../identity/revoke-api-key.ts';
import { presentKey, printKeys } from './print-keys.ts';
import { withDatabase } from './with-database.ts';

interface Shared {
  readonly organization: string;
  readonly json?: true;
}

interface CreateOptions extends Shared {
  readonly name: string;
  readonly capability: readonly Lowercase<Capability>[];
  readonly expires?: Date;
}

const capabilityNames = Object.values(Capability).map((each) => each.toLowerCase());

const createExample = `
Examples:
  buildatlas keys create --name ci --capability ingest
  buildatlas keys create --name report --capability read --capability ingest --expires 2027-01-01`;

export function addKeysCommand(program: Command, databaseHelp: string): void {
  const keys = program
    .command('keys')
    .description('make, list and revoke API keys')
    .addHelpText('after', databaseHelp);

  shared(keys.command('create'))
    .description('make a key and print it: the one time that it is shown')
    .requiredOption('--name <name>', 'what the key is for')
    .addOption(
      new Option('--capability <capability...>', 'what it may do; give one or more')
        .choices(capabilityNames)
        .makeOptionMandatory(),
    )
    .option(
      '--expires <date>',
      'when it stops working, e.g. 2027-01-01 (UTC); default: never',
      parseDate,
    )
    .addHelpText('after', databaseHelp + createExample)
    .action(create);
  shared(keys.command('list'))
    .description('list the keys of an organization, newest first; their secrets are not stored')
    .addHelpText('after', `${databaseHelp}\n\nExample:\n  buildatlas keys list --json`)
    .action(list);
  shared(keys.command('revoke'))
    .description('revoke a key: running gateways refuse it at once')
    .argument('<id>', 'id of the key, from `buildatlas keys list`')
    .option('--even-if-last-admin', 'also when no working admin key is left then')
    .addHelpText(
      'after',
      `${databaseHelp}\n\nExample:\n  buildatlas keys revoke 0198c5a0-7a3e-7cc1-8f6e-2f5f8f1c2d3e`,
    )
    .action(revoke);
}

function shared(command: Command): Command {
  return command
    .option('--organization <slug>', 'organization of the key', 'default')
    .option('--json', 'print JSON');
}

async function create({ name, capability, expires, organization, json }: CreateOptions) {
  const { apiKey, secret } = await inOrganization(organization, (ctx) =>
    createApiKey(ctx, {
      name,
      capabilities: Object.values(Capability).filter((each) =>
        capability.some((asked) => asked === each.toLowerCase()),
      ),
      expiresAt: expires ?? null,
    }),
  );
  console.log(json === true ? JSON.stringify({ ...presentKey(apiKey), key: secret }) : secret);
}

async function list({ organization, json }: Shared): Promise<void> {
  printKeys(await inOrganization(organization, listApiKeys), json === true);
}

async function revoke(
  id: string,
  { organization, json, evenIfLastAdmin }: Shared & { readonly evenIfLastAdmin?: true },
): Promise<void> {
  const apiKey = await inOrganization(organization, (ctx) =>
    revokeApiKey(ctx, { id, evenIfLastAdmin: evenIfLastAdmin ?? false }),
  );
  console.log(json === true ? JSON.stringify(presentKey(apiKey)) : `revoked ${apiKey.id}`);
}

/** Who holds the database may do everything in it. */
async function inOrganization<Result>(
  slug: string,
  work: (ctx: ServiceContext) => Promise<Result>,
): Promise<Result> {
  return withDatabase(async (db, log) =>
    work(await operatorContext(db, slug, { log, now: () => new Date() })),
  );
}

function parseDate(value: string): Date {
  const date = new Date(value);
  if (/^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Write it as 2027-01-01 or 2027-01-01T12:00:00Z.');
}
