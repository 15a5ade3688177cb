import {
  ForbiddenError,
  InteractiveSignInRequiredError,
  ReadOnlyTokenError,
  UnauthenticatedError,
} from '../kernel/errors.ts';
import type { CredentialKind, Principal } from './principal.ts';
import type { RoleKey } from './role-key.ts';

/**
 * Who may use a root field or an operation; exactly one key. `interactive` is a signed-in person at a browser: a token may
 * not. The same value stands in the schema as `authScopes`.
 */
export type Rule =
  | { readonly role: RoleKey }
  | { readonly signedIn: true }
  | { readonly interactive: true }
  | { readonly public: true };

const interactiveKinds: ReadonlySet<CredentialKind> = new Set(['session', 'development', 'system']);

/** Whether `rule` lets `principal` in; decided from the principal alone, without a look-up. */
export function permits(rule: Rule, principal: Principal | null): boolean {
  if ('public' in rule) return true;
  if (principal === null) return false;
  if ('role' in rule) return principal.roles.has(rule.role);
  if ('interactive' in rule) return interactiveKinds.has(principal.credential.kind);
  return true;
}

/** Throws the refusal that tells `principal` what is missing, when `rule` does not let it in. */
export function demand(rule: Rule, principal: Principal | null): void {
  if (permits(rule, principal)) return;
  if (principal === null) throw new UnauthenticatedError();
  if ('role' in rule) throw new ForbiddenError(rule.role);
  throw new InteractiveSignInRequiredError();
}

/** Throws a `ReadOnlyTokenError` when `principal` uses a token that may change nothing. */
export function demandWriter(principal: Principal | null): void {
  if (principal?.narrowing?.readOnly) throw new ReadOnlyTokenError();
}

/** The rule as one short text, for the printed schema and the access matrix. */
export function describeRule(rule: Rule): string {
  if ('public' in rule) return 'everybody';
  if ('signedIn' in rule) return 'signed in';
  if ('interactive' in rule) return 'signed in interactively';
  return rule.role;
}
