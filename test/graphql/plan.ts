import pg from 'pg';
import type { SentStatement } from '../support/count-statements.ts';

/** A node of a plan that ran, as EXPLAIN (ANALYZE, FORMAT JSON) gives it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement did to answer. */
export interface Work {
  /** Rows that scans looked at, also those they threw away. */
  readonly rowsRead: number;
  /** Rows of the largest sort. */
  readonly rowsSorted: number;
  /** Tables that were read from end to end, but for those with next to nothing in them. */
  readonly scanned: readonly string[];
  /** The plan, for people. */
  readonly text: string;
}

/** How Postgres plans a prepared statement: for the values at hand, or once for all values. */
export type PlanMode = 'force_custom_plan' | 'force_generic_plan';

/** Runs a statement once more, with its values, and says what that took. */
export async function workOf(
  url: string,
  { text, values }: SentStatement,
  mode: PlanMode,
): Promise<Work> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET plan_cache_mode = ${mode}`);
    await client.query(`PREPARE asked AS ${text}`);
    const given = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`;
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE asked${given}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan === undefined) throw new Error('no plan came back');
    return toWork(allNodes(plan));
  } finally {
    await client.end();
  }
}

/** Values as pg would send them: text that Postgres casts. */
function literal(value: unknown): string {
  if (Array.isArray(value))
    return pg.escapeLiteral(`{${value.map((item) => `"${String(item)}"`).join(',')}}`);
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return pg.escapeLiteral(String(value)); // what our filters and places are
}

function allNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

function toWork(nodes: readonly PlanNode[]): Work {
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  const sorts = nodes.filter((node) => node['Node Type'] === 'Sort');
  return {
    rowsRead: scans.reduce((sum, node) => sum + seen(node), 0),
    rowsSorted: Math.max(0, ...sorts.map((node) => Math.max(0, ...(node.Plans ?? []).map(each)))),
    scanned: scans
      .filter((node) => node['Node Type'] === 'Seq Scan' && seen(node) > 10)
      .map((node) => node['Relation Name'] ?? ''),
    text: nodes
      .map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''} ${seen(node)}`)
      .join('\n'),
  };
}

/** Rows of one run of the node. */
function each(node: PlanNode): number {
  return node['Actual Rows'];
}

function seen(node: PlanNode): number {
  const removed =
    (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return Math.round((node['Actual Rows'] + removed) * node['Actual Loops']);
}
