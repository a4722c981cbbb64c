import { expect, test } from 'vitest';
import { masker } from '../../src/cli/report/mask.ts';
import { createPrinter } from '../../src/cli/report/printer.ts';

/** A terminal of 40 columns that keeps what is written. */
function terminal() {
  let written = '';
  return {
    columns: 40,
    write: (text: string) => (written += text),
    written: () => written,
  };
}

test('on a terminal progress is one line that is written over, and gone at the end', () => {
  const output = terminal();
  const options = { output, errors: output, isGitHub: false, mask: masker([]) };
  const printer = createPrinter({ ...options, isLive: true });

  printer.progress('build');
  printer.progress(`tests: ${'x'.repeat(100)}`);
  printer.close();
  printer.line('done');

  const over = '\r\u001b[2K';
  expect(output.written()).toBe(`${over}build${over}tests: ${'x'.repeat(32)}${over}done\n`);
});

test('elsewhere progress is plain lines, without a secret or a control character', () => {
  const output = terminal();
  const options = { output, errors: output, isGitHub: false, mask: masker(['5ecret', 'x']) };
  const printer = createPrinter({ ...options, isLive: false });

  printer.open('a group that only GitHub folds');
  printer.progress('build 5ecret');
  printer.warn('a \u001b[31mred\u001b[0m x\r\u0000');
  printer.close();

  expect(output.written()).toBe('buildatlas: build ***\nbuildatlas: warning: a  [31mred [0m x  \n');
});
