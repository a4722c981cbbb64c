import { type DurationSketch, emptySketch, mergeSketches } from '../domain/duration-sketch.ts';

/** What was counted in one interval, as JSON of Postgres: 0 is the window before, 1 the first interval. */
export interface FoundPlace {
  readonly place: number;
  /** By status. */
  readonly counts: Readonly<Record<string, number>>;
  /** Run time of all, in milliseconds. */
  readonly durationMs: number;
  /** Buckets are in no order. */
  readonly durations: DurationSketch | null;
  readonly queue: DurationSketch | null;
}

/** Failures of one interval that were recovered from. */
export interface FoundRecoveries {
  readonly place: number;
  readonly count: number;
  readonly ms: number;
}

/** What runs cost in a window, in the currency of the prices. */
export interface FoundCosts {
  readonly currency: string;
  readonly total: number;
  readonly wasted: number;
  readonly unpricedMs: number;
}

/** Statistics as JSON of Postgres; times are ISO 8601. */
export interface FoundStatistics {
  readonly edges: readonly string[];
  readonly before: string;
  readonly available: string | null;
  readonly places: readonly FoundPlace[] | null;
  readonly recoveries?: readonly FoundRecoveries[] | null;
  readonly costs?: FoundCosts | null;
}

/** What was counted in some time. */
export interface Figures {
  readonly from: Date;
  /** The first instant that no longer belongs to it. */
  readonly to: Date;
  readonly counts: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly durations: DurationSketch;
  readonly queue: DurationSketch;
  readonly recoveryCount: number;
  readonly recoveryMs: number;
}

/** Figures of a window, of the one before, and of its intervals in the order of time, without gaps. */
export interface Statistics {
  readonly dataAvailableFrom: Date | null;
  readonly total: Figures;
  readonly previous: Figures;
  readonly intervals: readonly Figures[];
  readonly costs: FoundCosts | null;
}

/** Gives statistics with all intervals, also those in which nothing was counted. */
export function toStatistics(found: FoundStatistics): Statistics {
  const edges = found.edges.map((edge) => new Date(edge));
  const intervals = edges
    .slice(0, -1)
    .map((from, index) => figuresAt(found, index + 1, { from, to: edges[index + 1] ?? from }));
  const [from, to] = [edges[0] ?? new Date(found.before), edges.at(-1) ?? new Date(found.before)];
  return {
    dataAvailableFrom: found.available === null ? null : new Date(found.available),
    total: sumOf(intervals, { from, to }),
    previous: figuresAt(found, 0, { from: new Date(found.before), to: from }),
    intervals,
    costs: found.costs ?? null,
  };
}

type Times = Pick<Figures, 'from' | 'to'>;

function figuresAt(
  { places, recoveries }: Pick<FoundStatistics, 'places' | 'recoveries'>,
  place: number,
  times: Times,
): Figures {
  const told = places?.find((each) => each.place === place);
  const recovered = recoveries?.find((each) => each.place === place);
  return {
    ...times,
    counts: told?.counts ?? {},
    durationMs: told?.durationMs ?? 0,
    durations: sketchOf(told?.durations),
    queue: sketchOf(told?.queue),
    recoveryCount: recovered?.count ?? 0,
    recoveryMs: recovered?.ms ?? 0,
  };
}

/** As a sketch is to be: its buckets in order. */
function sketchOf(found: DurationSketch | null | undefined): DurationSketch {
  return found == null ? emptySketch : mergeSketches([found]);
}

function sumOf(parts: readonly Figures[], times: Times): Figures {
  const sum = (of: (part: Figures) => number): number =>
    parts.reduce((all, part) => all + of(part), 0);
  const statuses = [...new Set(parts.flatMap(({ counts }) => Object.keys(counts)))];
  return {
    ...times,
    counts: Object.fromEntries(
      statuses.map((status) => [status, sum(({ counts }) => counts[status] ?? 0)]),
    ),
    durationMs: sum(({ durationMs }) => durationMs),
    durations: mergeSketches(parts.map(({ durations }) => durations)),
    queue: mergeSketches(parts.map(({ queue }) => queue)),
    recoveryCount: sum(({ recoveryCount }) => recoveryCount),
    recoveryMs: sum(({ recoveryMs }) => recoveryMs),
  };
}
