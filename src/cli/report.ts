import { type Command, InvalidArgumentError, Option } from 'commander';
import { environment } from '../config.ts';
import { reportFormats } from '../formats/report-formats.ts';
import type { ReportFlags } from './report/report-flags.ts';
import { isPresent } from './report/ci-facts.ts';
import { splitRepository } from './report/repository-name.ts';

const help = `
Finds out by itself which build this is on GitHub Actions, GitLab, Buildkite, CircleCI, Jenkins, Azure
Pipelines, Bitbucket Pipelines, Travis CI, TeamCity, Drone, Woodpecker and what env-ci and ci-info know,
else from the Git checkout. Jobs of one run report to one build, also at once; sent twice, a report is
stored once. Builds of the default branch bring CODEOWNERS along, so that tests have owners.

Environment:
  BUILDATLAS_URL       address of the gateway (also: BUILDBUTLER_API_URL)
  BUILDATLAS_API_KEY   key with INGEST (also: BUILDBUTLER_API_KEY); never printed
  BUILDATLAS_STATUS    as --status
  TEST_RESULTS_GLOB    as --junit, when that is not given; several: with commas between
  NO_COLOR             no line that is written over on a terminal

Status: --status is how this job went. How the run went is not known from inside it: the build stays
IN_PROGRESS until a webhook, or --build-status in a last job, says it. Where the run is this one job
(Jenkins, TeamCity, no CI), --status is the status of the build.

Exit code: 0, with warnings when something failed, so that reporting never breaks a build; with
--fail-on-error 1 when something failed or a pattern found no file; 2 when an option is wrong.

Examples:
  buildatlas report --junit '**/surefire-reports/*.xml' --coverage target/site/jacoco/jacoco.xml
  buildatlas report --junit 'reports/*.xml' --status \${{ job.status }} --variant linux
  buildatlas report --build-status success
  buildatlas report --junit 'reports/*.xml' --dry-run`;

/** Adds the command that sends the reports of a CI job to a gateway. */
export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('send test reports, coverage, security reports and logs of a CI job to a gateway');
  addFileOptions(command);
  addBuildOptions(command);
  command
    .option('--url <address>', 'address of the gateway; better: BUILDATLAS_URL', text)
    .option('--api-key <key>', 'key with INGEST; better: BUILDATLAS_API_KEY', text)
    .option('--dry-run', 'print what would be sent, and send nothing')
    .option('--fail-on-error', 'exit code 1 when something failed')
    .option('--retries <count>', 'how often a request is repeated', wholeNumber, 5)
    .option('--timeout <seconds>', 'time for all of it', wholeNumber, 600)
    .addHelpText('after', help)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(run);
}

function addFileOptions(command: Command): void {
  command
    .option('--junit <glob...>', 'test reports: JUnit XML, or any other format that is read')
    .option('--coverage <glob...>', 'coverage reports; together they make one')
    .option('--sarif <glob...>', 'security reports')
    .option('--log <glob...>', 'logs')
    .addOption(
      new Option('--format <format>', 'format of the test reports; default: what is in them')
        .choices(reportFormats)
        .argParser(upperCase),
    )
    .option('--variant <name>', 'environment whose tests count as tests of their own', text)
    .option('--variant-from <property...>', 'properties in the reports that make the variant')
    .option('--tag <label...>', 'labels of the uploads');
}

function addBuildOptions(command: Command): void {
  command
    .option('--status <word>', 'how this job went, in the words of the CI, or an exit code', text)
    .option('--build-status <word>', 'how the run went', text)
    .option('--repository <owner/name>', 'repository that was built', repository)
    .option('--branch <name>', 'branch', text)
    .option('--commit <sha>', 'commit', text)
    .option('--cause <word>', 'what triggered the run, e.g. push', text)
    .option('--job <name>', 'name of the pipeline or workflow', text)
    .option('--number <number>', 'number of the run', wholeNumber)
    .option('--build-url <address>', 'web page of the run', text)
    .option('--run-id <id>', "the CI's id of the run: reports with one id are one build", text)
    .option('--stage <name>', 'name of this job in the run', text)
    .option('--stage-id <id>', "the CI's id of this job, as webhooks have it", text);
}

/** What a shell or a CI gives for a variable that is not set is empty, and counts as not given. */
function text(value: string): string {
  return isPresent(value) ? value.trim() : '';
}

function wholeNumber(value: string, before?: number): number | undefined {
  const given = text(value);
  if (given === '') return before;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('It must be a whole number.');
}

function repository(value: string): string {
  const given = text(value);
  if (given === '' || splitRepository(given) !== undefined) return given;
  throw new InvalidArgumentError('Write it as owner/name.');
}

function upperCase(value: string): string {
  const format = reportFormats.find((each) => each === value.toUpperCase().replaceAll('-', '_'));
  if (format !== undefined) return format;
  throw new InvalidArgumentError(`Allowed: ${reportFormats.join(', ')}.`);
}

async function run(options: ReportFlags): Promise<void> {
  const env = environment();
  const flags = { status: text(env['BUILDATLAS_STATUS'] ?? ''), ...given(options) };
  // Loaded late: no other command needs it.
  const { runReport } = await import('./report/run-report.ts');
  process.exitCode = await runReport(given(flags), env);
}

function given<Flags extends object>(flags: Flags): Flags {
  const entries = Object.entries(flags).filter(([, value]) => value !== '');
  return Object.fromEntries(entries) as Flags; // an empty text is none
}
