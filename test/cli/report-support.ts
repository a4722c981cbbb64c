import { createClient } from '../../src/client/create-client.ts';
import { runProcess, type Ended } from '../support/start-process.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { graphql } from '../generated/gql.ts';
import type { TestCheckout } from './checkout.ts';

const ReportedBuilds = graphql(`
  query ReportedBuilds {
    builds(first: 10) {
      nodes {
        databaseId
        status
        statusRaw
        source
        instance
        externalRunId
        jobName
        jobDisplayName
        number
        attempt
        branch
        commitSha
        treeSha
        pullRequest
        cause
        url
        jobUrl
        triggeredBy
        agentName
        agentLabels
        startedAt
        completedAt
        repository {
          fullName
        }
        stages(first: 20) {
          nodes {
            name
            status
            externalId
            group
            attempt
            url
          }
        }
        testResults(first: 1) {
          totalCount
        }
      }
    }
  }
`);

/** Runs `buildatlas report` in the checkout, with a gateway and its key in the environment. */
export async function report(
  gateway: Account,
  at: Pick<TestCheckout, 'dir'>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return runProcess(['report', ...args], {
    cwd: at.dir,
    env: { BUILDATLAS_URL: gateway.url, BUILDATLAS_API_KEY: gateway.key, ...env },
  });
}

/** A gateway as the reporter sees it. */
export interface Account {
  readonly url: string;
  readonly key: string;
}

/** Gives an organization of its own on the gateway: tests of one file share a gateway. */
export async function account({ url, createOrganization }: TestGateway): Promise<Account> {
  return { url, key: (await createOrganization()).key };
}

/** The builds that the organization has now. */
export async function builds({ url, key }: Account) {
  const { query } = createClient({ url: `${url}/graphql`, apiKey: key });
  return (await query(ReportedBuilds)).builds.nodes;
}

/** The variables of a push on GitHub Actions. */
export const github = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_JOB: 'unit',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REPOSITORY: 'acme/widgets',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '7012345678',
  GITHUB_RUN_NUMBER: '42',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_WORKFLOW_REF: 'acme/widgets/.github/workflows/ci.yml@refs/heads/main',
};
