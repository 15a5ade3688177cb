/**
 * Failures that a caller may see. Each has a stable `code` and one sentence for the caller (`message`); what only the
 * operator may see goes into `detail` and is logged, never sent.
 */
export abstract class Failure extends Error {
  abstract readonly code: string;
  readonly detail: string | undefined;

  constructor(message: string, detail?: string) {
    super(message);
    this.name = new.target.name;
    this.detail = detail;
  }
}

/** What was named does not exist, or the caller may not know that it does. */
export class NotFoundError extends Failure {
  readonly code = 'NOT_FOUND';
}

/** The change contradicts what is stored: a name is taken, a thing is in use. */
export class ConflictError extends Failure {
  readonly code = 'CONFLICT';
}

/** One fault of an input: `path` is dotted, from the input's root. */
export interface FieldFault {
  path: string;
  message: string;
}

/** The input does not say what is needed. `fields` names each fault. */
export class InvalidInputError extends Failure {
  readonly code = 'INVALID_INPUT';
  readonly fields: readonly FieldFault[];

  constructor(fields: readonly FieldFault[], message = describeFaults(fields)) {
    super(message);
    this.fields = fields;
  }
}

function describeFaults(fields: readonly FieldFault[]): string {
  return fields.map((fault) => (fault.path ? `${fault.path}: ${fault.message}` : fault.message)).join('; ');
}

/** Nobody is signed in, or the credential is not valid. */
export class UnauthenticatedError extends Failure {
  readonly code = 'UNAUTHENTICATED';

  constructor(message = 'Sign in first.') {
    super(message);
  }
}

/** The principal uses a token where only a person who is signed in at a browser may act; no role changes that. */
export class InteractiveSignInRequiredError extends Failure {
  readonly code = 'INTERACTIVE_SIGN_IN_REQUIRED';

  constructor(message = 'This needs a sign-in at a browser; a token cannot do it.') {
    super(message);
  }
}

/** The token may only read; no role changes that. */
export class ReadOnlyTokenError extends Failure {
  readonly code = 'READ_ONLY_TOKEN';

  constructor(message = 'This token may only read; use one that may change things.') {
    super(message);
  }
}

/** The principal lacks `requiredRole`. */
export class ForbiddenError extends Failure {
  readonly code = 'FORBIDDEN';
  readonly requiredRole: string;

  constructor(requiredRole: string, message = `This needs the role ${requiredRole}.`) {
    super(message);
    this.requiredRole = requiredRole;
  }
}
