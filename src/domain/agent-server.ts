import { ciServer } from './ci-server.ts';
import { storableText } from './text.ts';

/** With a name of 512 characters it has to fit into an index row. */
const longestServer = 256;

/**
 * Gives what agents of one CI server have in common: its host, e.g. `github.com`, else what the server is called, in
 * lower case. At most 256 characters.
 */
export function agentServer(instance: string): string {
  const server = ciServer([instance]) ?? instance.trim().toLowerCase();
  return storableText(server.slice(0, longestServer));
}
