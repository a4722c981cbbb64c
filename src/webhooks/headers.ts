/** What is kept of a request's headers: what says of which kind it is. Any other may hold a secret. */
const kept = new Set([
  'content-type',
  'user-agent',
  'idempotency-key',
  'circleci-event-type',
  'x-attempt-number',
  'x-buildkite-event',
  'x-event-key',
  'x-event-time',
  'x-github-delivery',
  'x-github-enterprise-host',
  'x-github-enterprise-version',
  'x-github-event',
  'x-github-hook-id',
  'x-github-hook-installation-target-id',
  'x-github-hook-installation-target-type',
  'x-gitlab-event',
  'x-gitlab-event-uuid',
  'x-gitlab-instance',
  'x-gitlab-webhook-uuid',
  'x-hook-uuid',
  'x-request-uuid',
  'x-vss-activityid',
  'x-vss-subscriptionid',
]);

const longest = 1000;

/** Gives the headers that are kept with a webhook, by their names in lower case. */
export function keptHeaders(headers: Headers): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...headers].flatMap(([name, value]) =>
      kept.has(name) ? [[name, value.slice(0, longest)]] : [],
    ),
  );
}
