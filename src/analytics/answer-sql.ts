import { column } from '../db/columns.ts';
import { empty, join, type Sql, sql, verbatim } from '../db/sql.ts';
import type {
  EdgeMember,
  ListAnswer,
  NodeMember,
  NodeShape,
  PageInfoMember,
  PageMember,
  RowAnswer,
} from './answer-shape.ts';
import type { Listing } from './listing.ts';
import { aboveId, below, factsOf, namedRow, orderOf, type Parent, rowsOf } from './page-sql.ts';

/**
 * The answer of a list as one record: what GraphQL would make of its rows, names and all. Postgres writes records as
 * JSON as fast as it writes the rows, and nothing is left to do but to send it.
 */
export function answerOf(organizationId: string, answer: ListAnswer, parent: Parent | null): Sql {
  const { request, members } = answer;
  const listing = below(answer.listing, parent, request);
  const order = orderOf(listing, request, request.orderBy.direction);
  const page = aboutPage(organizationId, answer, parent);
  const named = members.map((member) => as(pageValue(page, member), member.name));
  if (page.shapes.length === 0 && !page.looksBeyond && !page.hasCursors) return record(named);

  const cursor = cursorOf(listing, request.orderBy.field);
  const columns = [
    as(sql`1`, 'one'),
    ...page.shapes.map((shape, index) => as(shapeOf(organizationId, shape, cursor), nth(index))),
    ...(page.hasCursors ? [as(cursor, 'cursor')] : []),
    ...(page.looksBeyond ? [as(sql`row_number() OVER (ORDER BY ${order})`, 'place')] : []),
  ];
  const size = page.limit + (page.looksBeyond ? 1 : 0);
  const rows = rowsOf(organizationId, listing, request, { parent, order, size });
  const links = linksOf(page.shapes.flatMap(nodesOf));
  return record(
    named,
    sql`FROM (SELECT ${join(aggregatesOf(page))} FROM (
      SELECT ${join(columns)} FROM ${rows} t ${links} ORDER BY ${order}) item) page`,
  );
}

/** What is shown of a row: as a node, or as an edge with a node in it. */
type RowShape = Extract<PageMember, { kind: 'nodes' | 'edges' }>;

interface AboutPage {
  readonly shapes: readonly RowShape[];
  readonly hasCursors: boolean;
  readonly looksBeyond: boolean;
  readonly limit: number;
  /** What is asked beside the rows. */
  readonly facts: ReadonlyMap<string, Sql>;
}

function aboutPage(
  organizationId: string,
  { listing, request, members }: ListAnswer,
  parent: Parent | null,
): AboutPage {
  const info = members.flatMap((member) => (member.kind === 'pageInfo' ? member.members : []));
  const facts = factsOf(organizationId, listing, request, parent);
  return {
    shapes: members.filter((member) => member.kind === 'nodes' || member.kind === 'edges'),
    hasCursors: info.some(({ kind }) => kind === 'startCursor' || kind === 'endCursor'),
    looksBeyond: info.some(({ kind }) => kind === 'hasNextPage'),
    limit: request.first ?? 0,
    facts: new Map(facts.map(({ name, value }) => [name, value])),
  };
}

/** What is made of all rows together. They come in order, and no aggregate here asks for another. */
function aggregatesOf({ shapes, hasCursors, looksBeyond, limit }: AboutPage): Sql[] {
  const most = verbatim(String(limit));
  const shown = looksBeyond ? sql` FILTER (WHERE place <= ${most})` : empty;
  const cursors = sql`(array_agg(cursor)${shown})`;
  return [
    as(looksBeyond ? sql`count(*) > ${most}` : sql`false`, 'has_next'),
    ...shapes.map((_shape, index) =>
      as(sql`coalesce(array_to_json(array_agg(${quoted(nth(index))})${shown}), '[]')`, nth(index)),
    ),
    ...(hasCursors
      ? [as(sql`${cursors}[1]`, 'first'), as(sql`${cursors}[count(*)${shown}]`, 'last')]
      : []),
  ];
}

function pageValue(page: AboutPage, member: PageMember): Sql {
  switch (member.kind) {
    case 'constant':
      return constant(member.value);
    case 'nodes':
    case 'edges':
      return sql`page.${quoted(nth(page.shapes.indexOf(member)))}`;
    case 'totalCount':
      return page.facts.get('$totalCount') ?? sql`0`;
    case 'pageInfo':
      return record(member.members.map((one) => as(pageInfoValue(page, one), one.name)));
  }
}

function pageInfoValue({ facts }: AboutPage, member: PageInfoMember): Sql {
  switch (member.kind) {
    case 'constant':
      return constant(member.value);
    case 'hasNextPage':
      return sql`page.has_next`;
    case 'hasPreviousPage':
      return facts.get('$beyondAfter') ?? sql`false`;
    case 'startCursor':
      return sql`page.first`;
    case 'endCursor':
      return sql`page.last`;
  }
}

function shapeOf(organizationId: string, shape: RowShape, cursor: Sql): Sql {
  if (shape.kind === 'nodes') return nodeOf(organizationId, shape.node);
  const valueOf = (member: EdgeMember): Sql => {
    if (member.kind === 'constant') return constant(member.value);
    return member.kind === 'node' ? nodeOf(organizationId, member.node) : cursor;
  };
  return record(shape.members.map((member) => as(valueOf(member), member.name)));
}

function nodesOf(shape: RowShape): readonly NodeShape[] {
  if (shape.kind === 'nodes') return [shape.node];
  return shape.members.flatMap((member) => (member.kind === 'node' ? [member.node] : []));
}

/** One row, which stands in the statement as `t`. */
function nodeOf(organizationId: string, { members }: NodeShape): Sql {
  return record(members.map((member) => as(memberValue(organizationId, member), member.name)));
}

function memberValue(organizationId: string, member: NodeMember): Sql {
  switch (member.kind) {
    case 'constant':
      return constant(member.value);
    case 'value':
      return member.value;
    case 'row':
      return rowOf(organizationId, member);
    case 'list': {
      const parent = { column: member.column, id: aboveId(member.parentField) };
      return answerOf(organizationId, member.list, parent);
    }
  }
}

function rowOf(organizationId: string, { model, idField, idOf, node }: RowAnswer): Sql {
  const id = idOf?.(organizationId, aboveId(idField)) ?? aboveId(idField);
  return sql`(SELECT ${nodeOf(organizationId, node)}
    FROM ${namedRow(organizationId, model, id)} t ${linksOf([node])})`;
}

/** What is below speaks of its own rows as `t`, so it knows these as `above`. */
function linksOf(nodes: readonly NodeShape[]): Sql {
  const fields = nodes.flatMap(({ members }) =>
    members.flatMap((member) => {
      if (member.kind === 'list') return [member.parentField];
      return member.kind === 'row' ? [member.idField] : [];
    }),
  );
  if (fields.length === 0) return empty;
  const links = [...new Set(fields)].map((field) => as(column(field), field));
  return sql`CROSS JOIN LATERAL (SELECT ${join(links)}) above`;
}

/** As `encodeCursor` makes it: base64url of a JSON array. */
function cursorOf(
  { model, orderings, unique }: Listing<NodeShape['model'], unknown, string>,
  orderField: string,
): Sql {
  const ordering = orderings[orderField];
  if (ordering === undefined) throw new Error(`${model} has no order ${orderField}`);
  const { key, type } = ordering;
  const place = [
    type === 'timestamptz' ? instant(key) : sql`(${key})::text`,
    ...unique.map(({ name }) => sql`${column(name)}::text`),
  ].map((value) => sql`',' || to_json(${value})::text`);
  const list = sql`'["${verbatim(model)}","${verbatim(orderField)}"' || ${join(place, ' || ')} || ']'`;
  return sql`rtrim(translate(encode(convert_to(${list}, 'UTF8'), 'base64'), E'+/\\n', '-_'), '=')`;
}

/** As `Date.toISOString` writes it. */
export function instant(value: Sql): Sql {
  return sql`to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** One record of named columns. What `json_build_object` makes is slower, and has spaces in it. */
function record(columns: readonly Sql[], from: Sql = empty): Sql {
  return sql`(SELECT one FROM (SELECT ${join(columns)} ${from}) one)`;
}

function as(value: Sql, name: string): Sql {
  return sql`${value} AS ${quoted(name)}`;
}

function nth(index: number): string {
  return `shape${String(index)}`;
}

/** A name of the schema, or of the answer: letters, digits and underscores. */
function quoted(name: string): Sql {
  return verbatim(`"${name}"`);
}

/** A name of the schema. */
function constant(value: string): Sql {
  return sql`'${verbatim(value)}'::text`;
}
