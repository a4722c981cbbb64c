import type { CiFacts, CiSystem, Variables } from './ci-facts.ts';
import { azure } from './ci/azure.ts';
import { bitbucket } from './ci/bitbucket.ts';
import { buildkite } from './ci/buildkite.ts';
import { circleci } from './ci/circleci.ts';
import { drone } from './ci/drone.ts';
import { github } from './ci/github.ts';
import { gitlab } from './ci/gitlab.ts';
import { jenkins } from './ci/jenkins.ts';
import { readOtherCi } from './ci/other.ts';
import { teamcity } from './ci/teamcity.ts';
import { travis } from './ci/travis.ts';
import { woodpecker } from './ci/woodpecker.ts';

/** Jenkins last: its variables are also set where it starts another of them. */
const systems: readonly CiSystem[] = [
  github,
  gitlab,
  buildkite,
  circleci,
  azure,
  bitbucket,
  travis,
  teamcity,
  woodpecker,
  drone,
  jenkins,
];

export interface DetectedCi {
  /** As people call it. */
  readonly name: string;
  readonly facts: CiFacts;
}

/** Gives what the CI says that these variables are from; undefined on a machine without one. */
export async function detectCi(env: Variables, cwd: string): Promise<DetectedCi | undefined> {
  const system = systems.find(({ isRunning }) => isRunning(env));
  if (system === undefined) return readOtherCi(env, cwd);
  return { name: system.name, facts: system.read(env) };
}
