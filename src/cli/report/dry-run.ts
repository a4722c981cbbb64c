import type { Report } from './describe-report.ts';
import type { FoundFile } from './find-files.ts';
import { oneLine } from './one-line.ts';
import type { ReportFiles } from './report-files.ts';

const mostFiles = 20;

/** Gives what would be sent, a line each. */
export function describeDryRun(
  { ciName, build, stage, codeowners }: Report,
  files: ReportFiles,
  target: string,
): string[] {
  const { repository, ...facts } = build;
  const place = repository ? `${repository.owner}/${repository.name}` : undefined;
  return [
    'Dry run: nothing is sent.',
    `to        ${target}`,
    `detected  ${ciName}`,
    'build',
    ...fields({ repository: place, ...facts }),
    ...(stage === undefined ? [] : ['job', ...fields({ ...stage, name: oneLine(stage.name) })]),
    ...(codeowners === undefined ? [] : [`owners    ${codeowners.path}`]),
    ...filesOf('tests', files.tests),
    ...filesOf('coverage', files.coverage),
    ...filesOf('security', files.security),
    ...filesOf('logs', files.logs),
  ];
}

function fields(facts: object): string[] {
  return Object.entries(facts).flatMap(([name, value]: [string, unknown]) =>
    value === undefined || value === null ? [] : [`  ${name.padEnd(14)} ${textOf(value)}`],
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function filesOf(kind: string, files: readonly FoundFile[]): string[] {
  if (files.length === 0) return [];
  const more = files.length - mostFiles;
  return [
    `${kind.padEnd(9)} ${files.length} file${files.length === 1 ? '' : 's'}, ${sizeText(files)}`,
    ...files.slice(0, mostFiles).map((file) => `  ${file.name}  ${sizeText([file])}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function sizeText(files: readonly FoundFile[]): string {
  const bytes = files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}
