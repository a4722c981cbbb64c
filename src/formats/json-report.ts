import { createJsonStream } from './json-stream.ts';
import type { JsonHandlers, JsonPath } from './json-walker.ts';
import type { ReportEvent, ReportReader } from './report-events.ts';
import { wrongFormat } from './wrong-format.ts';

/** What one format makes of the values of a JSON document. */
export interface JsonReport extends Pick<JsonHandlers, 'open' | 'ignoredKeys'> {
  /** Gives the events of one value; the path is only valid during the call. */
  value(path: JsonPath, value: unknown): readonly ReportEvent[];
  /** Gives the last events of a document that was read to its end, e.g. warnings. */
  end(): readonly ReportEvent[];
  /** What the document lacks to be of this format, one sentence; undefined when it is of this format. */
  missing(): string | undefined;
}

/** Makes the reader of a JSON format. A value that is too large to be kept is a `SKIPPED_ITEM` warning. */
export function createJsonReader(report: JsonReport): ReportReader {
  let events: ReportEvent[] = [];
  const json = createJsonStream({
    ...report,
    value: (path, value) => {
      for (const event of report.value(path, value)) events.push(event);
    },
  });

  function takeEvents(): ReportEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    write(chunk) {
      json.write(chunk);
      return takeEvents();
    },
    end() {
      json.end();
      const last = takeEvents();
      if (json.skipped() > 0) last.push(tooLarge(json.skipped()));
      const problem = json.problem();
      if (problem != null) return [...last, problem];
      last.push(...report.end());
      const missing = report.missing();
      return missing === undefined ? last : [...last, wrongFormat(missing)];
    },
  };
}

function tooLarge(count: number): ReportEvent {
  const message = `Items larger than 16 Mi characters were skipped: ${count}.`;
  return { kind: 'WARNING', code: 'SKIPPED_ITEM', message };
}
