import type { Variables } from './ci-facts.ts';
import type { ReportFlags } from './report-flags.ts';

/** Where reports go. */
export interface Target {
  /** The GraphQL endpoint. */
  readonly endpoint: string;
  /** The gateway, as messages call it: without what may be secret in an address. */
  readonly origin: string;
  readonly apiKey: string;
}

/** Address and key as given, not checked; for messages, which must not show the key. */
export function givenTarget(
  flags: ReportFlags,
  env: Variables,
): { readonly url: string | undefined; readonly apiKey: string | undefined } {
  return {
    url: flags.url ?? env['BUILDATLAS_URL'] ?? env['BUILDBUTLER_API_URL'],
    apiKey: flags.apiKey ?? env['BUILDATLAS_API_KEY'] ?? env['BUILDBUTLER_API_KEY'],
  };
}

/** Gives the target, or the sentence that says what is missing. */
export function targetOf(flags: ReportFlags, env: Variables): Target | string {
  const { url, apiKey } = givenTarget(flags, env);
  if (url === undefined) {
    return 'No gateway is named: set BUILDATLAS_URL, e.g. https://buildatlas.example.com.';
  }
  const endpoint = endpointOf(url);
  if (endpoint === undefined) {
    return 'BUILDATLAS_URL is no web address: write it as https://buildatlas.example.com, without user and password.';
  }
  if (apiKey === undefined) {
    return 'There is no key: set BUILDATLAS_API_KEY. Pull requests from forks get no secrets from most CIs.';
  }
  return { endpoint: endpoint.href, origin: endpoint.origin, apiKey: apiKey.trim() };
}

/** Adds `/graphql` to the address of a gateway; one that ends so is taken as it is. */
function endpointOf(address: string): URL | undefined {
  const trimmed = address.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  if (url.username !== '' || url.password !== '') return undefined; // fetch takes none, and prints them
  const path = url.pathname.replace(/\/+$/, '');
  return new URL(path.endsWith('/graphql') ? path : `${path}/graphql`, url.origin);
}
