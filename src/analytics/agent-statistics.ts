import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { empty, sql, verbatim } from '../db/sql.ts';
import { agentServer } from '../domain/agent-server.ts';
import { instant } from '../domain/fields.ts';
import { ValidationError } from '../errors.ts';
import { edgesOf, type IntervalName, intervals } from './interval-edges.ts';
import { requireTimeZone } from './time-zone.ts';

/** Lengths of the intervals that figures can be given for. */
export type AgentInterval = Exclude<IntervalName, 'MONTH'>;

const mostBuckets = 1_000;
const bucketsUnasked = 100;
const mostServers = 50;

export interface AgentStatisticsQuestion {
  /** Host of the CI server. */
  readonly server?: string | null | undefined;
  /** The CI server, as clients call it. */
  readonly instance?: string | null | undefined;
  readonly interval: AgentInterval;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  /** Where days and weeks begin, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Average and largest of what the reports of an interval say. */
export interface AgentFigure {
  readonly average: number;
  readonly max: number;
}

/** One interval. A figure is null when no report says it. */
export interface AgentBucket {
  readonly startsAt: Date;
  /** The first instant that no longer belongs to it. */
  readonly endsAt: Date;
  readonly sampleCount: number;
  readonly queueLength: AgentFigure | null;
  readonly busy: AgentFigure | null;
  readonly idle: AgentFigure | null;
  readonly offline: AgentFigure | null;
}

export interface AgentStatistics {
  readonly server: string;
  /** In the order of time, without gaps. */
  readonly buckets: readonly AgentBucket[];
}

/** What was counted of one server in one interval. */
interface Counted extends Omit<AgentBucket, 'startsAt' | 'endsAt'> {
  readonly server: string;
  /** Number of the interval, from 1. */
  readonly place: number;
}

/**
 * Says how many jobs waited and how many agents were busy, idle and offline over time, by CI server: of one, or of up
 * to 50 that reported in that time, by name. Intervals are whole: the first holds `from`, the last ends at `to` or
 * after.
 *
 * @throws {ValidationError} for a time that ends before it begins, more than 1,000 intervals, or no time zone
 */
export async function agentStatistics(
  ctx: ServiceContext,
  question: AgentStatisticsQuestion,
): Promise<AgentStatistics[]> {
  const named = question.server ?? question.instance;
  const server = named == null ? null : agentServer(named);
  const times = { ...timesOf(question, ctx.now()), timeZone: requireTimeZone(question.timeZone) };
  const { edges, counted } = await count(ctx, server, times);
  const servers = new Set(server === null ? counted.map((bucket) => bucket.server) : [server]);
  return [...servers].map((name) => ({
    server: name,
    buckets: toBuckets(
      edges,
      counted.filter((bucket) => bucket.server === name),
    ),
  }));
}

interface Times {
  readonly interval: AgentInterval;
  readonly from: Date;
  readonly to: Date;
}

function timesOf({ interval, from, to }: AgentStatisticsQuestion, now: Date): Times {
  const { ms } = intervals[interval];
  const end = to ?? now;
  const begin = from ?? new Date(end.getTime() - bucketsUnasked * ms);
  const parsed = z.object({ from: instant, to: instant }).safeParse({ from: begin, to: end });
  const issues = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    path: path.map(String),
    message,
  }));
  if (issues.length > 0) throw new ValidationError(issues);
  if (begin >= end) throw new ValidationError([{ path: ['from'], message: 'must be before `to`' }]);
  const count = Math.ceil((end.getTime() - begin.getTime()) / ms);
  if (count > mostBuckets) {
    const message = `gives ${String(count)} intervals, more than ${String(mostBuckets)}; ask for longer ones or a shorter time`;
    throw new ValidationError([{ path: ['interval'], message }]);
  }
  return { interval, from: begin, to: end };
}

interface Found {
  readonly edges: readonly Date[];
  readonly counted: readonly Counted[];
}

const figures = {
  queueLength: 'queue_length',
  busy: 'busy_count',
  idle: 'idle_count',
  offline: 'offline_count',
};

const figureColumns = verbatim(
  Object.entries(figures)
    .map(
      ([name, column]) => `CASE WHEN count(${column}) > 0 THEN
        json_build_object('average', avg(${column})::float8, 'max', max(${column})) END AS "${name}"`,
    )
    .join(', '),
);

async function count(
  { db, tenant: { organizationId } }: ServiceContext,
  server: string | null,
  times: Times & { readonly timeZone: string },
): Promise<Found> {
  const span = {
    ...times,
    from: sql`${times.from}::timestamptz`,
    to: sql`${times.to}::timestamptz`,
  };
  const ofServer = server === null ? empty : sql`AND s.server = ${server}`;
  const [found] = await db.read<Found>(
    sql`WITH edges AS MATERIALIZED (
          SELECT array_agg(at ORDER BY at) AS at FROM (${edgesOf(span)}) edge (at)),
        counted AS (
          SELECT s.server, width_bucket(s.recorded_at, (SELECT at FROM edges)) AS place,
            count(*) AS "sampleCount", ${figureColumns}
          FROM agent_snapshots s
          WHERE s.organization_id = ${organizationId}::uuid ${ofServer}
            AND s.recorded_at >= (SELECT at[1] FROM edges)
            AND s.recorded_at < (SELECT at[cardinality(at)] FROM edges)
          GROUP BY 1, 2)
        SELECT (SELECT at FROM edges) AS edges, (
          SELECT coalesce(json_agg(counted ORDER BY server), '[]') FROM counted
          WHERE server IN (SELECT server FROM counted GROUP BY server ORDER BY server LIMIT ${mostServers})) AS counted`,
  );
  if (found === undefined) throw new Error('statistics of agents gave no row');
  return found;
}

function toBuckets(edges: readonly Date[], counted: readonly Counted[]): AgentBucket[] {
  const byPlace = new Map(counted.map((bucket) => [bucket.place, bucket]));
  return edges.slice(0, -1).flatMap((startsAt, index) => {
    const endsAt = edges[index + 1];
    const bucket = byPlace.get(index + 1) ?? nothing;
    const { sampleCount, queueLength, busy, idle, offline } = bucket;
    return endsAt === undefined
      ? []
      : [{ startsAt, endsAt, sampleCount, queueLength, busy, idle, offline }];
  });
}

const nothing = { sampleCount: 0, queueLength: null, busy: null, idle: null, offline: null };
