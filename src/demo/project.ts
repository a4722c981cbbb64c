/** A repository as the demo describes it to the gateway. */
export interface DemoRepository {
  readonly owner: string;
  readonly name: string;
  readonly provider: string;
  readonly defaultBranch: string;
  readonly url: string;
}

/** How a test goes wrong, when it does for no fault of the code under test, or keeps going wrong. */
export type Behaviour =
  | {
      readonly kind: 'FLAKY';
      /** Share of attempts that fail. */
      readonly rate: number;
      /** Days before the end of the history from which on it is flaky; from the beginning, when absent. */
      readonly sinceDaysAgo?: number;
      /** Fails only in runs that begin at this hour of the day (UTC) or later. */
      readonly fromHour?: number;
      readonly message: string;
    }
  | { readonly kind: 'BROKEN'; readonly sinceDaysAgo: number; readonly message: string }
  /** Takes `factor` times as long at the end of the history as at its beginning. */
  | { readonly kind: 'SLOWING'; readonly factor: number }
  | { readonly kind: 'DISABLED'; readonly message: string };

export type Language = 'JAVA' | 'KOTLIN' | 'SWIFT' | 'TYPESCRIPT' | 'PLAYWRIGHT' | 'BAZEL';

/** A test case of a demo project. */
export interface DemoTest {
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly language: Language;
  readonly medianMs: number;
  readonly behaviour: Behaviour | null;
}

/** A step of a job. The step that runs the tests takes as long as they do. */
export interface DemoStage {
  readonly name: string;
  readonly medianSeconds: number;
  /** Fails when the code does not compile. */
  readonly compiles?: true;
  readonly runsTests?: true;
}

/** One job of a project's CI. */
export interface DemoJob {
  readonly name: string;
  readonly trigger: 'PUSH' | 'PULL_REQUEST' | 'MAIN' | 'NIGHTLY';
  readonly stages: readonly DemoStage[];
  readonly tests: readonly DemoTest[];
  /** Tests that run side by side. */
  readonly workers: number;
  /** How often the runner repeats a failed test within the report. */
  readonly retries: number;
  readonly agents: readonly string[];
  readonly agentLabels: readonly string[];
}

/** A project: a repository with its CI. */
export interface DemoProject {
  readonly repository: DemoRepository;
  /** CI system. */
  readonly source: string;
  readonly ciUrl: string;
  /** What a build with failing tests is called there. */
  readonly failedStatus: 'FAILURE' | 'UNSTABLE';
  /** Share of all pushes. */
  readonly share: number;
  /** Prefix of its tickets. */
  readonly ticket: string;
  /** What its branches are about. */
  readonly topics: readonly string[];
  readonly jobs: readonly DemoJob[];
}

interface SuiteOptions {
  readonly suite: (className: string) => string;
  readonly className: (className: string) => string;
  readonly file: (className: string) => string;
  readonly language: Language;
  readonly medianMs: number;
  /** By `class › test`. */
  readonly behaviours?: Readonly<Record<string, Behaviour>>;
}

/** Makes the tests of a suite from lines `class: test | test | …`. */
export function testsFrom(lines: readonly string[], options: SuiteOptions): readonly DemoTest[] {
  return lines.flatMap((line) => {
    const [group = '', names = ''] = line.split(/:\s+/, 2);
    return names.split(/\s*\|\s*/).map((name, index) => ({
      suite: options.suite(group),
      className: options.className(group),
      name,
      file: options.file(group),
      language: options.language,
      // Neighbours differ: a class has quick tests and slow ones.
      medianMs: options.medianMs * (0.4 + ((index * 7 + name.length) % 10) / 5),
      behaviour: options.behaviours?.[`${group} › ${name}`] ?? null,
    }));
  });
}
