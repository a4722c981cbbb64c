import { type Sql, verbatim } from './sql.ts';

// What outcomes mean, as conditions on a row by its alias. The predicates of partial indexes have the same words.

/** A result failed. */
export function hasFailed(result: string): Sql {
  return verbatim(`${result}.status IN ('FAILED', 'ERRORED')`);
}

/** A result passed or failed: only these say something of the code. */
export function hasOutcome(result: string): Sql {
  return verbatim(`${result}.status IN ('PASSED', 'FAILED', 'ERRORED')`);
}

/** A failed result disrupts for certain: the same code passed (Contract: buildpulse.md 6). A sandwich is only a hint. */
export function isCertain(disruption: string): Sql {
  return verbatim(`${disruption}.kind <> 'SANDWICH'`);
}

/** A result or build is of the default branch of its repository: of `main` or `master` until it is known. */
export function isOfDefaultBranch(row: string, repository: string): Sql {
  return verbatim(
    `(${row}.branch = ${repository}.default_branch
      OR ${repository}.default_branch IS NULL AND ${row}.branch IN ('main', 'master'))`,
  );
}

/** A build failed, or ran through with failing tests. */
export function isBroken(build: string): Sql {
  return verbatim(`${build}.status IN ('FAILURE', 'UNSTABLE')`);
}

/** A build succeeded or is broken: only these count for success rates. */
export function hasVerdict(build: string): Sql {
  return verbatim(`${build}.status IN ('SUCCESS', 'FAILURE', 'UNSTABLE')`);
}
