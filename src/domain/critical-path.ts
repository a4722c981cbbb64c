/** A stage of which it is known when it ran, in milliseconds since 1970. */
export interface TimedStage {
  readonly id: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A stage that others waited for. */
export interface CriticalStep extends TimedStage {
  /** Time between the end of the step before, or the start of the build, and the start of this one. */
  readonly waitMs: number;
}

/**
 * The chain of stages that determined when a build ended, in the order of time: the one that ended last, before it the
 * one that ended last of those that had ended when it began, and so on. Of stages that ended together the one that
 * began last counts. A stage that encloses two others or more, which fill half of its time and end with it or in its
 * last tenth, gives way to them. Stages that only overlap do not wait for each other.
 *
 * @param startedAt when the build began, for the wait of the first step; null when unknown
 */
export function criticalPath(
  stages: readonly TimedStage[],
  startedAt: number | null,
): CriticalStep[] {
  const timed = stages.filter((stage) => stage.startedAt <= stage.endedAt);
  const enclosing = enclosingStages(timed);
  const latestFirst = timed
    .filter((stage) => !enclosing.has(stage))
    .sort(
      (one, other) =>
        other.endedAt - one.endedAt ||
        other.startedAt - one.startedAt ||
        (one.id < other.id ? -1 : 1),
    );
  const backwards: TimedStage[] = [];
  for (const stage of latestFirst) {
    const after = backwards.at(-1);
    if (after === undefined || stage.endedAt <= after.startedAt) backwards.push(stage);
  }
  const path = backwards.reverse();
  return path.map((stage, index) => {
    const ready = path[index - 1]?.endedAt ?? startedAt ?? stage.startedAt;
    return { ...stage, waitMs: Math.max(0, stage.startedAt - ready) };
  });
}

interface Opened {
  readonly stage: TimedStage;
  within: number;
  filledMs: number;
  /** When the last of those within ended. */
  filledUpTo: number;
}

function enclosingStages(stages: readonly TimedStage[]): ReadonlySet<TimedStage> {
  const outerFirst = [...stages].sort(
    (one, other) =>
      one.startedAt - other.startedAt ||
      other.endedAt - one.endedAt ||
      (one.id < other.id ? -1 : 1),
  );
  const opened: Opened[] = [];
  const around: Opened[] = [];
  for (const stage of outerFirst) {
    while ((around.at(-1)?.stage.endedAt ?? Infinity) < stage.endedAt) around.pop();
    const outer = around.at(-1);
    if (outer !== undefined) {
      outer.within += 1;
      outer.filledMs += Math.max(0, stage.endedAt - Math.max(stage.startedAt, outer.filledUpTo));
      outer.filledUpTo = Math.max(stage.endedAt, outer.filledUpTo);
    }
    const own = { stage, within: 0, filledMs: 0, filledUpTo: stage.startedAt };
    opened.push(own);
    around.push(own);
  }
  return new Set(opened.filter(isFilled).map(({ stage }) => stage));
}

/** A stage that runs beside others and goes on alone is no container of them. */
function isFilled({ stage, within, filledMs, filledUpTo }: Opened): boolean {
  const length = stage.endedAt - stage.startedAt;
  return within > 1 && filledMs * 2 >= length && (stage.endedAt - filledUpTo) * 10 <= length;
}
