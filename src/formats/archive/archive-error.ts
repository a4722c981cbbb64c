/**
 * Why an upload, or the rest of it, cannot be unpacked; the message is one sentence for the person who sent it. `LIMIT` concerns the
 * whole upload; `MALFORMED` and `UNSUPPORTED` leave standing what came before.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: 'LIMIT' | 'MALFORMED' | 'UNSUPPORTED';

  constructor(code: ArchiveError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
