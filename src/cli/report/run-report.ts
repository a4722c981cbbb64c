import type { Variables } from './ci-facts.ts';
import { presentVariables } from './ci-facts.ts';
import { connect } from './connect.ts';
import { describeReport, type Report } from './describe-report.ts';
import { describeFailure } from './describe-failure.ts';
import { describeDryRun } from './dry-run.ts';
import { masker } from './mask.ts';
import { createPrinter, type Printer } from './printer.ts';
import { findReportFiles, type ReportFiles } from './report-files.ts';
import type { ReportFlags } from './report-flags.ts';
import { sendReport, type SentReport } from './send-report.ts';
import { summarize } from './summary.ts';
import { givenTarget, type Target, targetOf } from './target.ts';

/**
 * Sends what the flags name, and tells how it went. Gives the exit code: 1 when something failed and the flags ask for
 * it, else 0, whatever happens: reporting does not break a build.
 */
export async function runReport(flags: ReportFlags, variables: Variables): Promise<number> {
  const env = presentVariables(variables);
  const printer = printerFor(flags, env);
  let failures = 0;
  const fail = (text: string): void => {
    failures += 1;
    printer.warn(text);
  };
  try {
    await report(flags, env, printer, fail);
  } catch (error) {
    printer.close();
    fail(error instanceof Error ? error.message : String(error));
  }
  return failures > 0 && flags.failOnError === true ? 1 : 0;
}

function printerFor(flags: ReportFlags, env: Variables): Printer {
  const { stdout: output, stderr: errors } = process;
  const isPlain = env['NO_COLOR'] ?? env['CI'] ?? (env['TERM'] === 'dumb' ? 'dumb' : undefined);
  return createPrinter({
    output,
    errors,
    isGitHub: env['GITHUB_ACTIONS'] === 'true',
    isLive: output.isTTY && isPlain === undefined,
    mask: masker([
      givenTarget(flags, env).apiKey?.trim(),
      env['BUILDATLAS_API_KEY'],
      env['BUILDBUTLER_API_KEY'],
    ]),
  });
}

async function report(
  flags: ReportFlags,
  env: Variables,
  printer: Printer,
  fail: (text: string) => void,
): Promise<void> {
  const cwd = process.cwd();
  const described = await describeReport({ env, cwd, now: new Date() }, flags);
  for (const note of described.notes) printer.warn(note);
  const files = await findReportFiles(flags, { env, cwd }, fail);
  const target = targetOf(flags, env);
  if (flags.dryRun === true) {
    const to = typeof target === 'string' ? target : target.endpoint;
    for (const line of describeDryRun(described, files, to)) printer.line(line);
    return;
  }
  if (typeof target === 'string') {
    fail(target);
    return;
  }
  if (described.build.repository == null) {
    fail('The repository is not known: give --repository owner/name.');
    return;
  }
  printer.open('buildatlas report');
  const sent = await send({ described, files, target, flags, printer, fail });
  printer.close();
  printer.line(`buildatlas: ${summarize(described, sent)}`);
}

interface Sending {
  readonly described: Report;
  readonly files: ReportFiles;
  readonly target: Target;
  readonly flags: ReportFlags;
  readonly printer: Printer;
  readonly fail: (text: string) => void;
}

async function send(sending: Sending): Promise<SentReport> {
  const { described, files, target, flags, printer, fail } = sending;
  const { endpoint, origin, apiKey } = target;
  const limitMs = flags.timeout * 1_000;
  const gateway = connect({
    url: endpoint,
    apiKey,
    retries: flags.retries,
    deadline: Date.now() + limitMs,
    signal: AbortSignal.timeout(limitMs),
    random: Math.random,
    onRetry: (error, waitMs) => {
      const seconds = (waitMs / 1_000).toFixed(1);
      printer.progress(`${describeFailure(error, origin)}; again in ${seconds} s`);
    },
  });
  const { variant, variantFrom, format, tag: tags } = flags;
  return sendReport(gateway, {
    report: described,
    files,
    options: { variant, variantFrom, format, tags },
    origin,
    progress: printer.progress,
    fail,
  });
}
