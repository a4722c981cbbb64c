import { type LogLine, logLines, type LogLines, maxLines } from '../../analytics/log-lines.ts';
import { type LogSectionFilter, logSections } from '../../analytics/log-sections.ts';
import { logText, type LogText, maxTextBytes } from '../../analytics/log-text.ts';
import type { LogMatch } from '../../analytics/find-lines.ts';
import { defaultPageSize, maxPageSize } from '../../analytics/page-request.ts';
import { type LogMatches, searchLog } from '../../analytics/search-log.ts';
import type { RowOf } from '../../db/columns.ts';
import { builder } from '../builder.ts';
import { nested, orderInput } from '../connection.ts';
import { describe, toNumber } from '../fields.ts';

const defaultTextBytes = 64 * 1024;
const defaultLines = 100;
/** What reading a part of a log costs beside what it answers: a mebibyte is unpacked for it. */
const pointsOfRead = 10;
/** A search goes through 64 MiB. */
const pointsOfSearch = 1_000;

const BuildLogSectionRef = builder.prismaObject('BuildLogSection', {
  fields: (t) => ({
    position: t.exposeInt('position'),
    name: t.exposeString('name'),
    lineNumber: t.field({
      type: 'SafeInt',
      description: describe('BuildLogSection', 'lineNumber'),
      resolve: ({ lineNumber }) => toNumber(lineNumber),
    }),
    byteOffset: t.field({
      type: 'SafeInt',
      description: describe('BuildLogSection', 'byteOffset'),
      resolve: ({ byteOffset }) => toNumber(byteOffset),
    }),
    sizeBytes: t.field({
      type: 'SafeInt',
      description: describe('BuildLogSection', 'sizeBytes'),
      resolve: ({ sizeBytes }) => toNumber(sizeBytes),
    }),
  }),
});

const BuildLogSectionConnection = builder.connectionObject(
  {
    type: BuildLogSectionRef,
    name: 'BuildLogSectionConnection',
    description: 'A page of sections of a log.',
  },
  { name: 'BuildLogSectionEdge', description: 'A section and its place in the log.' },
);

const filter = builder.inputType('BuildLogSectionFilter', {
  description: 'Which sections.',
  fields: (t) => ({ name: t.string({ description: 'Only with this name.' }) }),
});

const order = orderInput('BuildLogSectionOrder', { POSITION: 'Place in the log.' });

const BuildLogTextRef = builder.objectRef<LogText>('BuildLogText').implement({
  description: 'A part of a log. It neither begins nor ends inside of a character.',
  fields: (t) => ({
    offset: t.expose('offset', {
      type: 'SafeInt',
      description:
        'Where it begins, in bytes from the begin of the log: as asked, or where the character begins that lies there.',
    }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'How many bytes of the log it is.' }),
    text: t.exposeString('text', {
      description: 'The text. Bytes that are no UTF-8 are shown as U+FFFD.',
    }),
    nextOffset: t.expose('nextOffset', {
      type: 'SafeInt',
      nullable: true,
      description: 'The `offset` to go on with; null at the end of the log.',
    }),
  }),
});

const BuildLogLineRef = builder.objectRef<LogLine>('BuildLogLine').implement({
  description: 'A line of a log.',
  fields: (t) => ({
    number: t.expose('number', { type: 'SafeInt', description: 'Its number, from 0.' }),
    byteOffset: t.expose('byteOffset', {
      type: 'SafeInt',
      description: 'Where it begins, in bytes from the begin of the log.',
    }),
    text: t.exposeString('text', {
      description: 'The text without the end of the line; of a long line the first 16 KiB.',
    }),
    isCut: t.exposeBoolean('isCut', { description: 'Whether there is more of the line.' }),
  }),
});

const BuildLogLinesRef = builder.objectRef<LogLines>('BuildLogLines').implement({
  description: 'Lines of a log, in its order.',
  fields: (t) => ({
    lines: t.field({
      type: [BuildLogLineRef],
      description: 'The lines: as many as were asked for, or fewer when they are long.',
      resolve: ({ lines }) => [...lines],
    }),
    nextOffset: t.expose('nextOffset', {
      type: 'SafeInt',
      nullable: true,
      description: 'The `offset` to go on with; null at the end of the log.',
    }),
  }),
});

const BuildLogMatchRef = builder.objectRef<LogMatch>('BuildLogMatch').implement({
  description: 'A line of a log that holds what was looked for.',
  fields: (t) => ({
    number: t.expose('number', { type: 'SafeInt', description: 'Number of the line, from 0.' }),
    byteOffset: t.expose('byteOffset', {
      type: 'SafeInt',
      description: 'Where the line begins, in bytes from the begin of the log.',
    }),
    text: t.exposeString('text', {
      description:
        'The line without its end; of a long one up to 1,000 characters around the first thing found.',
    }),
    isCut: t.exposeBoolean('isCut', { description: 'Whether there is more of the line.' }),
  }),
});

const BuildLogMatchesRef = builder.objectRef<LogMatches>('BuildLogMatches').implement({
  description: 'What a search has found, and how far it came.',
  fields: (t) => ({
    matches: t.field({
      type: [BuildLogMatchRef],
      description: 'The lines, in the order of the log, each once.',
      resolve: ({ matches }) => [...matches],
    }),
    scannedTo: t.expose('scannedTo', {
      type: 'SafeInt',
      description: 'All that lies before has been searched, in bytes from the begin of the log.',
    }),
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description:
        'Whether there is more of the log to search, also when nothing was found so far.',
    }),
    endCursor: t.exposeString('endCursor', { description: 'Where to go on, for `after`.' }),
  }),
});

export const BuildLogRef = builder.objectRef<RowOf['BuildLog']>('BuildLog');

builder.node(BuildLogRef, {
  description: 'The full console log of a build. It is kept as long as the build.',
  id: { resolve: ({ buildId }) => buildId },
  fields: (t) => ({
    sizeBytes: t.field({
      type: 'SafeInt',
      description: describe('BuildLog', 'sizeBytes'),
      resolve: ({ sizeBytes }) => toNumber(sizeBytes),
    }),
    storedBytes: t.field({
      type: 'SafeInt',
      description: describe('BuildLog', 'storedBytes'),
      resolve: ({ storedBytes }) => toNumber(storedBytes),
    }),
    lineCount: t.field({
      type: 'SafeInt',
      description: describe('BuildLog', 'lineCount'),
      resolve: ({ lineCount }) => toNumber(lineCount),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: describe('BuildLog', 'createdAt'),
    }),
    text: t.field({
      type: BuildLogTextRef,
      description: 'A part of its text, by bytes. All of it is at `/builds/DATABASE_ID/log`.',
      args: {
        offset: t.arg({
          type: 'SafeInt',
          required: true,
          defaultValue: 0,
          description: 'Bytes from the begin of the log.',
        }),
        limit: t.arg.int({
          required: true,
          defaultValue: defaultTextBytes,
          description: `Bytes at most, from 1 to ${String(maxTextBytes)}; a whole character at least.`,
        }),
      },
      complexity: ({ limit }) => ({ field: pointsOfRead + pages(limit) }),
      resolve: async ({ buildId }, args, ctx) => there(await logText(ctx, buildId, args)),
    }),
    lines: t.field({
      type: BuildLogLinesRef,
      description: 'Some of its lines, by their numbers.',
      args: {
        offset: t.arg({
          type: 'SafeInt',
          required: true,
          defaultValue: 0,
          description: 'Number of the first line, from 0.',
        }),
        limit: t.arg.int({
          required: true,
          defaultValue: defaultLines,
          description: `Lines at most, from 1 to ${String(maxLines)}.`,
        }),
      },
      complexity: ({ limit }) => ({ field: pointsOfRead + Math.max(0, limit) }),
      resolve: async ({ buildId }, args, ctx) => there(await logLines(ctx, buildId, args)),
    }),
    search: t.field({
      type: BuildLogMatchesRef,
      description:
        'Its lines that hold a text. One search goes through 64 MiB at most, and may end before it has found anything: go on while `hasNextPage` says so.',
      args: {
        text: t.arg.string({ required: true, description: 'What to look for, as it stands.' }),
        ignoreCase: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Whether letters may be of any case.',
        }),
        first: t.arg.int({
          required: true,
          defaultValue: defaultPageSize,
          description: `Lines at most, from 1 to ${String(maxPageSize)}.`,
        }),
        after: t.arg.string({ description: 'The `endCursor` of an earlier search.' }),
      },
      complexity: pointsOfSearch,
      resolve: async ({ buildId }, { text, ignoreCase, first, after }, ctx) =>
        there(await searchLog(ctx, buildId, { text, ignoreCase, first, after: after ?? null })),
    }),
    sections: t.connection(
      {
        type: BuildLogSectionRef,
        description: 'Its parts that begin with a line `=== Job: NAME ===`, at most 10,000.',
        args: {
          filter: t.arg({ type: filter, description: 'Which of them.' }),
          orderBy: t.arg({ type: order, description: 'POSITION ASC when absent.' }),
        },
        ...nested(
          logSections,
          (asked: LogSectionFilter) => asked,
          { name: 'buildId', type: 'uuid' },
          'buildId' satisfies keyof RowOf['BuildLog'],
        ),
      },
      BuildLogSectionConnection,
    ),
  }),
});

/** A KiB is a point. */
function pages(sizeBytes: number): number {
  return Math.ceil(Math.max(0, sizeBytes) / 1024);
}

/** Logs are replaced, never removed. */
function there<Part>(part: Part | null): Part {
  if (part === null) throw new Error('a log has gone');
  return part;
}
