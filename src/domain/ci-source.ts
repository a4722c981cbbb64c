/** Other words for one CI system (Contract: buildbutler.md 7.1 and 11). */
const aliases: ReadonlyMap<string, string> = new Map([
  ['github', 'github-actions'],
  ['github_actions', 'github-actions'],
  ['githubactions', 'github-actions'],
  ['gitlab-ci', 'gitlab'],
  ['gitlab_ci', 'gitlab'],
  ['azure', 'azure-pipelines'],
  ['azure-devops', 'azure-pipelines'],
  ['azure_pipelines', 'azure-pipelines'],
  ['bitbucket', 'bitbucket-pipelines'],
  ['circle-ci', 'circleci'],
]);

/** Gives the one word for a CI system, so that its history does not split when a client is upgraded. */
export function canonicalSource(source: string): string {
  const word = source.trim().toLowerCase();
  return aliases.get(word) ?? word;
}

/** Systems that number all runs of a server in one series; others count the builds of each job. */
const serial = new Set(['github-actions', 'gitlab', 'azure-pipelines', 'teamcity']);

/** Whether a run's id names it on the whole CI server, whatever job or workflow it is of. */
export function hasServerWideRunIds(source: string): boolean {
  return serial.has(source);
}
