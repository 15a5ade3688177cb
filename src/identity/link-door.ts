import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { User } from '../people/user.ts';
import type { WriteTransaction } from '../store/store.ts';
import { TooManyAttemptsError, type Attempt } from './attempts.ts';
import { consumeLink, demandLink, LinkNotValidError, type LinkPurpose } from './mailed-link.ts';
import { auditRefusedSignIn, noteRefusedSignIn, type RefusedSignIn } from './refused-sign-in.ts';
import type { SessionDoor } from './session.ts';

/** A link that somebody presents, where, and from where. */
export interface PresentedLink {
  readonly purpose: LinkPurpose;
  readonly secret: string;
  readonly door: SessionDoor;
  readonly client: Client;
  readonly requestId: string;
}

/** Like `demandLink`, slowing down who guesses; a refusal is audited before it is told. Gives the link back. */
export async function demandLinkAtDoor(services: Services, link: PresentedLink): Promise<PresentedLink> {
  const attempt: Attempt = { door: link.purpose, account: null, address: link.client.address };
  try {
    services.attempts.demand(attempt);
    await demandLink(services, link);
  } catch (error) {
    if (error instanceof LinkNotValidError) {
      services.attempts.failed(attempt);
      await auditRefusedSignIn(services, refusalOf(link, 'link not valid'));
    }
    if (error instanceof TooManyAttemptsError && error.first) {
      await auditRefusedSignIn(services, refusalOf(link, 'too many attempts'));
    }
    throw error;
  }
  services.attempts.succeeded(attempt);
  return link;
}

/** Like `consumeLink`; a refusal is audited, in the next batch. */
export async function consumeLinkAtDoor(tx: WriteTransaction, services: Services, link: PresentedLink): Promise<User> {
  try {
    return await consumeLink(tx, link);
  } catch (error) {
    if (error instanceof LinkNotValidError) noteRefusedSignIn(services, refusalOf(link, 'link not valid'));
    throw error;
  }
}

/** Whose link it would have been is not told: nobody showed that they may know. */
function refusalOf({ door, client, requestId }: PresentedLink, reason: string): RefusedSignIn {
  return { door, reason, user: null, client, requestId };
}
