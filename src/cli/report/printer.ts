/** A terminal, a file or a pipe; only a terminal has columns. */
export interface Output {
  readonly write: (text: string) => unknown;
  readonly columns?: number;
}

export interface PrinterOptions {
  readonly output: Output;
  readonly errors: Output;
  /** Whether GitHub reads the lines, and makes annotations of some. */
  readonly isGitHub: boolean;
  /** Whether a line may be written over. */
  readonly isLive: boolean;
  /** Takes out what nobody may read. */
  readonly mask: (text: string) => string;
}

/** What the reporter says, on a terminal or in the log of a CI. */
export interface Printer {
  readonly line: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Where it is: over and over in one line on a terminal, a line each elsewhere. */
  readonly progress: (text: string) => void;
  /** Starts and ends the lines that GitHub folds. */
  readonly open: (title: string) => void;
  readonly close: () => void;
}

const clearLine = '\r\u001b[2K';

/** Writes plain lines, or over a line on a terminal; no colours. */
export function createPrinter(options: PrinterOptions): Printer {
  const { output, errors, isGitHub, isLive, mask } = options;
  let isOnLine = false;
  const leaveLine = (): void => {
    if (isOnLine) output.write(clearLine);
    isOnLine = false;
  };
  const line = (text: string): void => {
    leaveLine();
    output.write(`${mask(text)}\n`);
  };
  return {
    line,
    warn: (text) => {
      if (isGitHub) {
        line(`::warning title=buildatlas::${escapeData(mask(text))}`);
        return;
      }
      leaveLine();
      errors.write(`buildatlas: warning: ${mask(text)}\n`);
    },
    progress: (text) => {
      if (!isLive) {
        line(`buildatlas: ${text}`);
        return;
      }
      const width = Math.max(20, output.columns ?? 80);
      output.write(`${clearLine}${mask(text).slice(0, width - 1)}`);
      isOnLine = true;
    },
    open: (title) => {
      if (isGitHub) line(`::group::${title}`);
    },
    close: () => {
      leaveLine();
      if (isGitHub) line('::endgroup::');
    },
  };
}

/** As GitHub wants the text of a command: else a line end would end it, and the next could be another. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
