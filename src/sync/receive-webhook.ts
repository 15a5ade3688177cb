import type { WebhookDelivery, WebhookRefusal, WebhookRequest } from '../../connectors/contract.ts';
import { Failure } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import { noteRefusedWebhook } from './note-refused-webhook.ts';
import { countWaitingEvents, insertDelivery, selectKnownDeliveries } from './source-event.store.ts';

/** The request of a webhook is not taken, for the reason that `status` (of HTTP) tells. */
export class WebhookRefusedError extends Failure {
  readonly code = 'WEBHOOK_REFUSED';
  readonly status: 400 | 401 | 404 | 429 | 503;

  constructor(status: WebhookRefusedError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/** How many events may wait for one source; more are refused until a run has worked some off. */
export const mostWaitingEvents = 10_000;

const unknownSentence = 'There is no webhook here.';
const statuses = { unauthorized: 401, invalid: 400, off: 404, unready: 503 } as const;

interface IncomingWebhook {
  /** The name of the source, as the path has it. */
  readonly source: string;
  readonly request: WebhookRequest;
  readonly client: Client;
  readonly requestId: string;
}

/**
 * Checks one request of a webhook and stores its events durably, in one transaction; a delivery that was taken in before
 * stores nothing. Throws a `WebhookRefusedError`; what is no source with a webhook is refused alike, whatever it is.
 */
export async function receiveWebhook(services: Services, given: IncomingWebhook): Promise<void> {
  const source = services.registry.sourceByName(given.source);
  try {
    if (!source) throw new WebhookRefusedError(404, unknownSentence);
    const delivery = await readDelivery(services, { source, request: given.request });
    await storeDelivery(services, { source, delivery, body: given.request.body });
  } catch (error) {
    if (error instanceof WebhookRefusedError) {
      const { client, requestId } = given;
      noteRefusedWebhook(services, { source: source ?? null, status: error.status, client, requestId });
    }
    throw error;
  }
}

async function readDelivery(
  services: Services,
  { source, request }: { source: Source; request: WebhookRequest },
): Promise<WebhookDelivery> {
  const { webhook } = services.connectors.named(source.connector);
  if (!webhook) throw new WebhookRefusedError(404, unknownSentence);
  try {
    const context = services.connectors.contextOf(source, new AbortController().signal);
    return await webhook.receive(context, request);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const message = refusal.refusal === 'off' ? unknownSentence : refusal.message;
    throw new WebhookRefusedError(statuses[refusal.refusal], message);
  }
}

function refusalOf(error: unknown): WebhookRefusal | null {
  if (!(error instanceof Error) || !('refusal' in error)) return null;
  return typeof error.refusal === 'string' && Object.hasOwn(statuses, error.refusal) ? (error as WebhookRefusal) : null;
}

async function storeDelivery(
  services: Services,
  given: { source: Source; delivery: WebhookDelivery; body: Buffer },
): Promise<void> {
  const { source, delivery, body } = given;
  const ids = [sha256(`${source.id} body ${sha256(body)}`)];
  if (delivery.id !== undefined) ids.push(sha256(`${source.id} id ${delivery.id}`));
  await services.store.write(async (tx) => {
    if (services.registry.source(source.id) === null) throw new WebhookRefusedError(404, unknownSentence);
    if ((await selectKnownDeliveries(tx, ids)).size > 0) return;
    if ((await countWaitingEvents(tx.db, source.id)) + delivery.events.length > mostWaitingEvents) {
      throw new WebhookRefusedError(429, 'Too many events wait for this source; send this again later.');
    }
    await insertDelivery(tx, { sourceId: source.id, ids, events: delivery.events });
  });
}
