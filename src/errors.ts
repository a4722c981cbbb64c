/** One thing wrong with an input: where (keys and indexes from the input's root) and what. */
export interface InputIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/** An error a caller can cause and mend. Everything else is a bug, logged and masked at the door. */
export abstract class DomainError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The input breaks a rule; `issues` names every one. */
export class ValidationError extends DomainError {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`).join('; '));
    this.issues = issues;
  }
}

/** The caller is known, and may not do this. */
export class ForbiddenError extends DomainError {}

/** The thing named does not exist, or belongs to somebody else: the same answer. */
export class NotFoundError extends DomainError {}

/** What was sent is more than a limit allows; the message names it. */
export class TooLargeError extends DomainError {}

/** The request contradicts what is stored. */
export class ConflictError extends DomainError {}

/** No key, or one that is unknown, revoked or expired. */
export class UnauthenticatedError extends DomainError {}
