import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { ProviderSignInError } from './provider-sign-in-error.ts';
import { auditRefusedSignIn } from './refused-sign-in.ts';

/** A sign-in by this provider that came to nothing. */
export interface ProviderFailure {
  readonly provider: string;
  readonly error: ProviderSignInError;
  readonly requestId: string;
}

/** Audits a sign-in by a provider that was refused, and logs its cause. */
export async function noteProviderRefusal(
  services: Services,
  refusal: ProviderFailure & { client: Client },
): Promise<void> {
  const { provider, error, client, requestId } = refusal;
  const { reason, user } = error;
  await auditRefusedSignIn(services, { door: 'oidc', provider, reason, user, client, requestId });
  logProviderFailure(services, refusal);
}

/** Logs the cause, where there is one. */
export function logProviderFailure({ log }: Services, { provider, error, requestId }: ProviderFailure): void {
  const { reason, cause } = error;
  if (cause !== undefined) {
    log.warn({ provider, reason, requestId, cause: describe(cause) }, 'A sign-in came to nothing.');
  }
}

/** Names and codes alone: what a provider answered may hold tokens. */
function describe(cause: unknown): Record<string, unknown> {
  const { message, code, error, cause: deeper } = cause as Partial<Record<string, unknown>>;
  const network = (deeper as { code?: unknown } | undefined)?.code;
  return { message, code, error: typeof error === 'string' ? error : undefined, network };
}
