import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase, type OpenDatabase } from './db/open-database.ts';
import { createGateway } from './gateway.ts';
import { listenHttp } from './http-server.ts';
import { bootstrap } from './identity/bootstrap.ts';
import { createSecretBox } from './identity/seal.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { createLog } from './log.ts';
import { openUploads } from './open-uploads.ts';
import { createOutgoing } from './outgoing/create-outgoing.ts';
import { OperatorError } from './operator-error.ts';
import { openSecretKey } from './secret-key.ts';
import type { StopSignal } from './stop-signal.ts';
import { webhookReader } from './webhooks/webhook-reader.ts';

const drainPatienceMs = 25_000;
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

type Close = () => Promise<unknown>;

/** A gateway that answers requests. */
export interface RunningGateway {
  /** E.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly config: Config;
  readonly db: OpenDatabase['db'];
  readonly log: Logger;
  /** Aborts when the gateway begins to stop. */
  readonly signal: AbortSignal;
  /** Puts a key into GraphiQL's tabs, unless others than this machine can open them. */
  readonly offerKey: (apiKey: string) => void;
}

export interface ServeOptions {
  readonly config: Config;
  readonly stop: StopSignal;
  /** Runs beside the gateway; when it fails, the gateway stops. */
  readonly whenReady?: ((gateway: RunningGateway) => Promise<void>) | undefined;
}

/**
 * Runs the gateway from its start until a signal has stopped it, and closes what it opened, last
 * opened first, however it ends.
 *
 * @throws {OperatorError} when it cannot start, or loses its embedded Postgres
 */
export async function serve({ config, stop, whenReady }: ServeOptions): Promise<void> {
  const log = createLog(config);
  const opened: Close[] = [];
  let database: OpenDatabase | undefined;
  const abandon = (): void => database?.abandon();
  stop.beforeExit(abandon);
  const stopping = new AbortController();
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug: this gateway ends');
    abandon();
    process.exit(1);
  });

  try {
    database = await openDatabase(config, log);
    opened.push(database.close);
    let offeredKey: string | undefined;
    const graphiqlKey = (): string | undefined => offeredKey;
    const url = await run(database, { config, log, opened, graphiqlKey });
    const offerKey = (apiKey: string): void => {
      if (loopback.has(config.host)) offeredKey = apiKey;
    };
    const gateway = { url, config, db: database.db, log, signal: stopping.signal, offerKey };
    const work = whenReady?.(gateway).then(() => stop.first);
    const end = await Promise.race([
      stop.first,
      database.lost,
      ...(work === undefined ? [] : [work]),
    ]);
    if (end === undefined) throw new OperatorError('the embedded Postgres ended: start again');
    log.info({ signal: end }, 'stopping');
  } finally {
    stopping.abort();
    for (const close of opened.reverse()) await close();
  }
  log.info('stopped');
}

interface Running {
  readonly config: Config;
  readonly log: Logger;
  /** Gets what has to be closed again. */
  readonly opened: Close[];
  readonly graphiqlKey: () => string | undefined;
}

/** Gives the address. */
async function run(
  { db }: OpenDatabase,
  { config, log, opened, graphiqlKey }: Running,
): Promise<string> {
  await migrate(db, log);
  await makeFirstKey(db, config, log);
  const uploads = openUploads(config);
  const jobs = await startJobs({
    db,
    log,
    uploads,
    webhooks: webhookReader,
    secrets: createSecretBox(openSecretKey(config)),
    outgoing: createOutgoing(config.outgoingAllowHosts),
  });
  opened.push(jobs.stop);
  const gateway = await createGateway({ db, config, log, uploads, graphiqlKey });
  opened.push(gateway.close);
  const server = await listenHttp(gateway.listener, config);
  opened.push(async () => {
    const cutOff = await server.drain(drainPatienceMs);
    if (cutOff === 0) return;
    log.warn({ requests: cutOff }, 'requests were cut off: they did not finish in time');
    process.exitCode = 1;
  });

  const seconds = (performance.now() / 1000).toFixed(1); // since the process began
  say(`Buildatlas is ready after ${seconds} s: ${server.url}/graphql`);
  log.info({ url: server.url }, 'ready');
  return server.url;
}

async function makeFirstKey(db: OpenDatabase['db'], config: Config, log: Logger): Promise<void> {
  const { bootstrapApiKey } = config;
  const { createdKey, isGivenKeyIgnored } = await bootstrap(db, {
    bootstrapApiKey,
    now: () => new Date(),
  });
  if (isGivenKeyIgnored) {
    log.warn('BOOTSTRAP_API_KEY is ignored: it is for the first start, and is no working key here');
  }
  if (createdKey === undefined || createdKey === bootstrapApiKey) return;
  // Said when it is made: should the start fail later, nobody could ever learn it.
  say(`First API key of the organization "default", shown this once: ${createdKey}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
