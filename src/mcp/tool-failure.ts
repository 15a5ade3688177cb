/** Why a tool could not do what it was asked. */
export type FailureKind = 'failed' | 'wrongUsage' | 'notFound' | 'notSignedIn' | 'notAllowed';

/** A failure that the caller is told. The message may hold names and cells: it is shown as data. */
export class ToolFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = 'ToolFailure';
    this.kind = kind;
  }
}
