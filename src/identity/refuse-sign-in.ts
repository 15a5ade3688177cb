import { newId } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import './session-audit.ts';
import type { SignInRefusedError } from './sign-in-refusal.ts';

/** Audits a refused sign-in by a provider, in the next batch, and logs its cause; the address only of a user we know. */
export function noteRefusedSignIn(
  services: Services,
  given: { provider: string; requestId: string; error: SignInRefusedError },
): void {
  const { provider, requestId, error } = given;
  const { reason, user } = error;
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: user?.id ?? null,
    actor: user?.email ?? 'nobody',
    credential: 'none',
    action: 'session.refused',
    resource: user ? `user:${user.id}` : `provider:${provider}`,
    details: { door: 'oidc', provider, reason },
    requestId,
  });
  if (error.cause !== undefined) {
    services.log.warn({ provider, reason, requestId, ...describeCause(error.cause) }, 'A sign-in came to nothing.');
  }
}

/** Names and codes alone: what a provider answered may hold tokens. */
function describeCause(cause: unknown): Record<string, unknown> {
  const { message, code, error, cause: deeper } = cause as Partial<Record<string, unknown>>;
  const told = { message, code, error: typeof error === 'string' ? error : undefined };
  return { cause: told, network: (deeper as { code?: unknown } | undefined)?.code };
}
