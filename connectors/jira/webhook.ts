import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ConnectorContext, WebhookDelivery, WebhookRefusal, WebhookRequest } from '../contract.ts';
import type { JiraSource } from './config.ts';
import { isIssueKey } from './issue.ts';

/** What is kept of an event; the state of the issue is always asked for, never taken from the event. */
export interface JiraEvent {
  name: string;
}

/** The key of events that name no issue: whatever was changed lately is asked for. */
export const recentKey = 'recent';

const shortestSecret = 16;

/** The secret of the source's webhook; throws a `WebhookRefusal` without one that can be relied on. */
export function webhookSecret({ config, readEnv }: ConnectorContext<JiraSource>): string {
  if (!config.webhook) throw refusal('off', 'This source takes no webhooks.');
  const secret = readEnv(config.webhook.secretEnv) ?? '';
  if (secret.length >= shortestSecret) return secret;
  throw refusal(
    'unready',
    `The webhook has no secret; set ${config.webhook.secretEnv} to at least ${shortestSecret} characters, the same as in Jira.`,
  );
}

/** Checks the signature over the bytes and tells which issues are touched. */
export function receiveWebhook(context: ConnectorContext<JiraSource>, request: WebhookRequest): WebhookDelivery {
  const secret = webhookSecret(context);
  const { headers, body } = request;
  const signature = one(headers['x-hub-signature-256']) ?? one(headers['x-hub-signature']);
  if (signature === undefined) throw refusal('unauthorized', 'The webhook is not signed; give it a secret in Jira.');
  if (!isSignedBy(secret, { body, signature })) {
    throw refusal('unauthorized', 'The signature of the webhook is not right; check its secret in Jira.');
  }
  const payload = parse(body);
  const name = typeof payload['webhookEvent'] === 'string' ? payload['webhookEvent'].slice(0, 100) : '';
  if (name === '') throw refusal('invalid', 'The webhook names no event.');
  const id = one(headers['x-atlassian-webhook-identifier'])?.slice(0, 200);
  const keys = [...new Set(touchedIssues(payload))];
  return { ...(id && { id }), events: keys.map((key) => ({ key, event: { name } satisfies JiraEvent })) };
}

function isSignedBy(secret: string, given: { body: Buffer; signature: string }): boolean {
  const [, hex] = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(given.signature.trim()) ?? [];
  if (hex === undefined) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(given.body).digest(), Buffer.from(hex, 'hex'));
}

function parse(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw refusal('invalid', 'The body of the webhook is no JSON.');
  }
  if (isObject(value)) return value;
  throw refusal('invalid', 'The body of the webhook is no JSON object.');
}

/** The keys or ids of the issues that the event is about; `recentKey` when it is about an issue and names none. */
function touchedIssues(payload: Record<string, unknown>): string[] {
  const { issue, issueLink, webhookEvent, issue_key: issueKey } = payload;
  if (isObject(issueLink)) {
    const ends = [issueLink['sourceIssueId'], issueLink['destinationIssueId']].flatMap(asIssue);
    return ends.length > 0 ? ends : [recentKey];
  }
  const named = isObject(issue) ? [issue['key'], issue['id']].flatMap(asIssue)[0] : asIssue(issueKey)[0];
  if (named !== undefined) return [named];
  return /^(jira:issue|issue|comment|attachment|issuelink)_/.test(String(webhookEvent)) ? [recentKey] : [];
}

function asIssue(value: unknown): string[] {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && (isIssueKey(text) || /^[1-9]\d{0,18}$/.test(text)) ? [text] : [];
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(kind: WebhookRefusal['refusal'], message: string): WebhookRefusal {
  return Object.assign(new Error(message), { refusal: kind });
}
