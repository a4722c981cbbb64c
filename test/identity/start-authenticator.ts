import { pino, type Logger } from 'pino';
import { onTestFinished } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { createListener } from '../../src/db/listen.ts';
import {
  createAuthenticator,
  type Authenticator,
  type AuthenticatorOptions,
} from '../../src/identity/authenticate.ts';
import { KEYS_CHANNEL } from '../../src/identity/keys-channel.ts';
import { testDatabase } from '../support/test-database.ts';
import { newOrganization, testClock } from './organization.ts';

const silent: Logger = pino({ enabled: false });
const deaf: AuthenticatorOptions['subscribe'] = () => () => undefined;

/** An organization, on a database of its own unless one is given, and a clock that stands still. */
export async function startIdentity(given?: Database) {
  const db = given ?? (await testDatabase());
  const clock = testClock();
  const operator = await newOrganization(db, clock.now);
  return { db, clock, operator };
}

/** An authenticator that hears no notifications. */
export function startAuthenticator(
  db: Database,
  options: Pick<AuthenticatorOptions, 'now'> & Partial<AuthenticatorOptions>,
): Authenticator {
  const authenticator = createAuthenticator(db, { log: silent, subscribe: deaf, ...options });
  onTestFinished(() => authenticator.close());
  return authenticator;
}

/** The authenticator of another gateway: with a pool and a LISTEN connection of its own. */
export async function startOtherInstance(url: string, now: () => Date): Promise<Authenticator> {
  const db = createDatabase(url);
  const { subscribe, close } = await createListener(url, [KEYS_CHANNEL], silent);
  const authenticator = createAuthenticator(db, { log: silent, now, subscribe });
  onTestFinished(async () => {
    await authenticator.close();
    await close();
    await db.close();
  });
  return authenticator;
}
