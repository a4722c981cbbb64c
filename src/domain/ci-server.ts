/** `owner/name`, as the first BuildButler action called its server. */
const bareRepository = /^[\w.-]+\/[\w.-]+$/;

/**
 * Gives the host of the CI server that the addresses are on, e.g. `github.com`, or null when none of them is a web
 * address. A bare `owner/name` is on GitHub (Contract: buildbutler.md 7.1).
 */
export function ciServer(addresses: readonly (string | null | undefined)[]): string | null {
  for (const address of addresses) {
    const host = address == null ? null : hostOf(address.trim());
    if (host !== null) return host;
  }
  return null;
}

function hostOf(address: string): string | null {
  if (bareRepository.test(address)) return 'github.com';
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return null;
  return new URL(address).host; // lower case, without a default port
}
