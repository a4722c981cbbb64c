/**
 * Why an upload could not be taken; the message is one sentence for the person who sent it. `TOO_LARGE`: it breaks
 * a limit, which the message names. `MALFORMED`: it broke off or cannot be read. `NO_SPACE`: our disk is full.
 */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: 'TOO_LARGE' | 'MALFORMED' | 'NO_SPACE';

  constructor(code: UploadError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
