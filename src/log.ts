import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** Headers that carry keys; `*` reaches them in whatever object they are logged with. */
const secretHeaders = ['authorization', 'cookie', 'x-api-key', 'x-buildbuddy-api-key'];

/** stderr: stdout is for what a person or a script asked for. Synchronous, so that the last line is out. */
const stderr = (): DestinationStream => pino.destination({ fd: 2, sync: true });

/** Makes the log: JSON, one line each, without secrets. */
export function createLog(
  { logLevel }: Pick<Config, 'logLevel'>,
  destination: DestinationStream = stderr(),
): Logger {
  const paths = secretHeaders.flatMap((header) => [
    `["${header}"]`,
    `*["${header}"]`,
    `*.*["${header}"]`,
  ]);
  const redact = { paths, censor: '[secret]' };
  return pino({ name: 'buildatlas', level: logLevel, redact }, destination);
}
