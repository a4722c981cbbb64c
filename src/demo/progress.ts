/** Where progress is shown: a terminal gets one line that changes, anything else a line now and then. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how far some work has come. */
export interface Progress {
  /** One more piece is done. */
  step(): void;
  /** Ends the line, if there is one. */
  end(): void;
}

const BAR_WIDTH = 30;
const LINES = 10;

/** Makes a progress display for `total` pieces of work. */
export function createProgress(output: ProgressOutput, label: string, total: number): Progress {
  const isTerminal = output.isTTY === true;
  const every = Math.max(1, Math.ceil(total / (isTerminal ? 200 : LINES)));
  let done = 0;

  function show(): void {
    const percent = Math.floor((100 * done) / total);
    if (!isTerminal) {
      output.write(`${label}: ${done} of ${total} (${percent} %)\n`);
      return;
    }
    const filled = Math.floor((BAR_WIDTH * done) / total);
    const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
    output.write(`\r${label} ${bar} ${percent.toString().padStart(3)} %`);
  }

  return {
    step() {
      done += 1;
      if (done % every === 0 || done === total) show();
    },
    end() {
      if (isTerminal) output.write('\n');
    },
  };
}
