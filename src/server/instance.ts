import type { IncomingMessage } from 'node:http';
import type { InstanceFacts } from '../../schema/context.ts';
import type { Log } from '../kernel/log.ts';
import { authenticateBearer, authenticateSession, developmentPrincipal } from '../identity/authenticate.ts';
import { noteRefusedCredential } from '../identity/note-refused-credential.ts';
import { authenticatePredecessorToken, isPredecessorToken } from '../identity/predecessor-tokens.ts';
import { UnauthenticatedError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { clientAddress, type ProxyLaw } from './client-address.ts';
import { originAllowed } from './origin.ts';
import { needsOrigin, presentedCredential, type PresentedCredential } from './presented-credential.ts';

/** A running instance as its doors see it. */
export interface Instance extends ProxyLaw {
  readonly services: Services;
  readonly log: Log;
  readonly facts: InstanceFacts;
  readonly publicUrl: string;
  readonly corsOrigins: readonly string[];
  /** The development user's e-mail address; null outside development mode. */
  readonly developmentEmail: string | null;
}

/**
 * Who sends this request, by the laws of the door: a bearer token counts alone and is refused when it is not valid; a
 * cookie counts only from an allowed origin. Throws an `UnauthenticatedError`; null is nobody.
 */
export async function authenticateRequest(instance: Instance, request: IncomingMessage): Promise<Principal | null> {
  const { headers } = request;
  const presented = presentedCredential(
    { authorization: headers.authorization, cookie: headers.cookie },
    instance.publicUrl,
  );
  const { origin } = headers;
  const relied = needsOrigin(presented, { origin, developmentMode: instance.developmentEmail !== null });
  if (relied && !originAllowed({ ...instance, origin })) {
    throw new UnauthenticatedError('This origin may not use the session; send a token.');
  }
  return principalOfPresented(instance, presented, clientAddress(instance, request));
}

/** Who stands behind what was presented from this address; throws when a token is not valid. What does not count is audited. */
export async function principalOfPresented(
  instance: Instance,
  presented: PresentedCredential,
  address: string,
): Promise<Principal | null> {
  const { services, developmentEmail } = instance;
  if (presented.kind === 'malformed') {
    noteRefusedCredential(services, { presented, address });
    throw new UnauthenticatedError('Send the token as `Authorization: Bearer <token>`.');
  }
  if (presented.kind === 'bearer') {
    try {
      return await principalOfToken(services, presented.token, address);
    } catch (error) {
      if (error instanceof UnauthenticatedError) noteRefusedCredential(services, { presented, address });
      throw error;
    }
  }
  const session = presented.kind === 'cookie' ? authenticateSession(services, presented.session) : null;
  if (presented.kind === 'cookie' && !session) noteRefusedCredential(services, { presented, address });
  return session ?? (developmentEmail === null ? null : developmentPrincipal(services, developmentEmail));
}

async function principalOfToken(services: Services, token: string, address: string): Promise<Principal> {
  const principal = isPredecessorToken(token)
    ? await authenticatePredecessorToken(services, token, address)
    : authenticateBearer(services, token, address);
  if (!principal) throw new UnauthenticatedError('The token is not valid.');
  return principal;
}
