import { readFileSync } from 'node:fs';
import { type CiSystem, shortRef, toNumber, type Variables, withoutSlash } from '../ci-facts.ts';
import { parseProperties } from '../parse-properties.ts';
import { repositoryOfRemote } from '../repository-name.ts';

/** Most of what TeamCity says is not in variables, but in files of properties that one of them names. */
export const teamcity: CiSystem = {
  name: 'TeamCity',
  isRunning: (env) => env['TEAMCITY_VERSION'] !== undefined,
  read: (env) => {
    const facts = propertiesOf(env);
    const server = withoutSlash(facts['teamcity.serverUrl'] ?? env['TEAMCITY_SERVER_URL']);
    const id = facts['teamcity.build.id'];
    const type = facts['teamcity.buildType.id'];
    const url = env['BUILD_URL'] ?? (server && id && `${server}/viewLog.html?buildId=${id}`);
    const branch = facts['teamcity.build.branch'];
    return {
      build: {
        source: 'teamcity',
        instance: server,
        externalRunId: id,
        repository: repositoryOfRemote(vcsUrl(facts)),
        jobName: type ?? env['TEAMCITY_BUILDCONF_NAME'],
        jobDisplayName: env['TEAMCITY_BUILDCONF_NAME'],
        number: toNumber(env['BUILD_NUMBER']),
        url,
        jobUrl: server && type && `${server}/viewType.html?buildTypeId=${type}`,
        branch: shortRef(
          facts['teamcity.pullRequest.source.branch'] ??
            (branch === '<default>' ? vcsBranch(facts) : branch),
        ),
        commitSha: env['BUILD_VCS_NUMBER'] ?? facts['build.vcs.number'],
        pullRequest: toNumber(facts['teamcity.pullRequest.number']),
        cause: causeOf(facts),
        triggeredBy: facts['teamcity.build.triggeredBy.username'],
        agentName: facts['teamcity.agent.name'] ?? facts['agent.name'],
      },
      isOneJob: true,
    };
  },
};

/** A build may name the file of its parameters, which names another that holds the rest. */
function propertiesOf(env: Variables): Variables {
  const build = read(env['TEAMCITY_BUILD_PROPERTIES_FILE']);
  const configuration = read(build['teamcity.configuration.properties.file']);
  return { ...configuration, ...build };
}

function read(path: string | undefined): Variables {
  if (path === undefined) return {};
  try {
    return parseProperties(readFileSync(path, 'latin1'));
  } catch {
    return {}; // e.g. in a container that does not see the agent's files; the variables are what is left
  }
}

function vcsUrl(facts: Variables): string | undefined {
  const key = Object.keys(facts).find((name) => /^vcsroot\.(.+\.)?url$/.test(name));
  return key && facts[key];
}

function vcsBranch(facts: Variables): string | undefined {
  const key = Object.keys(facts).find((name) => /^vcsroot\.(.+\.)?branch$/.test(name));
  return key && facts[key];
}

/** What triggered a build is said for people, often by their names; these words are known, and as webhooks have them. */
const causes = new Map([
  ['vcs', 'vcs'],
  ['git', 'vcs'],
  ['mercurial', 'vcs'],
  ['perforce', 'vcs'],
  ['subversion', 'vcs'],
  ['schedule', 'schedule'],
  ['schedule trigger', 'schedule'],
  ['snapshot dependency', 'snapshotDependency'],
]);

/** `--cause` can say more. */
function causeOf(facts: Variables): string | undefined {
  if (facts['teamcity.pullRequest.number'] !== undefined) return 'pull_request';
  if (facts['teamcity.build.triggeredBy.username'] !== undefined) return 'user';
  return causes.get(facts['teamcity.build.triggeredBy']?.trim().toLowerCase() ?? '');
}
