/**
 * Something that the person who runs Buildatlas has to mend: a bad variable, a taken port, a data
 * directory in use. The message is one line that says what is wrong and what to do; no stack helps.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
