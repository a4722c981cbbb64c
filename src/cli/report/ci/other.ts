import ciInfo from 'ci-info';
import { type CiFacts, toNumber, type Variables } from '../ci-facts.ts';

/** A CI that has no file of its own here, as two libraries know it: AppVeyor, CodeBuild, Semaphore, … */
export interface OtherCi {
  readonly name: string;
  readonly facts: CiFacts;
}

/** Gives what is known of a CI of any other kind; undefined where there is none. */
export async function readOtherCi(env: Variables, cwd: string): Promise<OtherCi | undefined> {
  if (!ciInfo.isCI) return undefined;
  // Loaded late: it takes longer than all of the rest, and few need it.
  const { default: envCi } = await import('env-ci');
  const said = envCi({ env, cwd });
  const service = said.service ?? ciInfo.id?.toLowerCase().replaceAll('_', '-');
  const job = said.service === undefined ? undefined : said;
  return {
    name: said.name ?? ciInfo.name ?? 'a CI that is not known',
    facts: {
      build: {
        source: service ?? 'ci',
        externalRunId: sane(job?.buildUrl) ?? sane(job?.build),
        repository: sane(job?.slug),
        jobName: sane(job?.slug),
        number: toNumber(sane(job?.build)),
        url: sane(job?.buildUrl),
        branch: sane(job?.prBranch) ?? sane(job?.branch),
        commitSha: sane(job?.commit),
        pullRequest: toNumber(sane(String(job?.pr ?? ''))),
        cause: job?.pr === undefined ? undefined : 'pull_request',
      },
      job: { externalId: sane(job?.job), name: sane(job?.job), url: sane(job?.jobUrl) },
    },
  };
}

/** The library builds texts of variables that may not be there. */
function sane(text: string | undefined): string | undefined {
  return text === undefined || text === '' || /\bundefined\b/.test(text) ? undefined : text;
}
