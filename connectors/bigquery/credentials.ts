import { readFile } from 'node:fs/promises';
import type { ConnectorContext } from '../contract.ts';
import { adcVariable, isLoopback, keyVariable, type BigQuerySource } from './config.ts';
import { failureOf } from './failures.ts';

/** Resolves to the headers with which a request is let in. */
export type Access = () => Promise<Record<string, string>>;

type Context = ConnectorContext<BigQuerySource>;

const scope = 'https://www.googleapis.com/auth/bigquery';
const cloudScope = 'https://www.googleapis.com/auth/cloud-platform';
const kinds = ['service_account', 'authorized_user', 'external_account'];
/** A token is asked for anew when it ends within this time. */
const marginSeconds = 120;

/**
 * Opens the door that the source's configuration names. Throws a sentence that names the variable when there is no usable
 * credential in it; nothing of its value is told.
 */
export async function openAccess(context: Context): Promise<Access> {
  const { credentials } = context.config;
  if (credentials === 'adc') return accountAccess(context, adcVariable);
  if ('serviceAccountEnv' in credentials) return accountAccess(context, credentials.serviceAccountEnv);
  const source = await accountAccess(context, credentials.sourceEnv ?? adcVariable);
  return impersonating(context, { source, email: credentials.impersonate });
}

async function accountAccess(context: Context, variable: string): Promise<Access> {
  const key = await readKey(context, variable);
  // Half a second to load, so only when a source is used.
  const { BigQuery } = await import('@google-cloud/bigquery');
  const { authClient } = new BigQuery({
    projectId: context.config.project,
    // Without a key Google's own search: the signed-in user of gcloud, or the account of the machine.
    ...(key && { credentials: key }),
    scopes: [
      typeof context.config.credentials === 'object' && 'impersonate' in context.config.credentials
        ? cloudScope
        : scope,
    ],
  });
  const refused = (error: unknown) => refusedKey(variable, error);
  try {
    const client = await authClient.getClient();
    const endpoint = new URL(context.config.apiEndpoint ?? 'https://bigquery.googleapis.com');
    if (isLoopback(endpoint)) {
      client.transporter.defaults.fetchImplementation = (url, init) => fetch(onHost(endpoint, url), init);
    }
    return async () => {
      const headers = await client.getRequestHeaders().catch((error: unknown) => Promise.reject(refused(error)));
      return Object.fromEntries(headers.entries());
    };
  } catch (error) {
    throw refused(error);
  }
}

/** With BigQuery on this machine, no credential leaves it: tokens are asked for there, too. */
function onHost(endpoint: URL, url: string | URL | Request): URL {
  const asked = new URL(url instanceof Request ? url.url : url);
  return new URL(asked.pathname + asked.search, endpoint);
}

function refusedKey(variable: string, error: unknown): Error {
  const { code, status } = error as { code?: unknown; status?: unknown };
  if (typeof status !== 'number' && typeof code === 'string' && /^E[A-Z_]+$/.test(code) && !code.startsWith('ERR_')) {
    return Object.assign(new Error('Google’s token server cannot be reached; check the network of the server.'), {
      code,
    });
  }
  if (typeof status === 'number' && (status >= 500 || status === 429)) {
    return Object.assign(new Error('Google’s token server does not answer now; try again later.'), { retryable: true });
  }
  if (error instanceof Error && error.message.startsWith('Could not load the default credentials')) {
    return new Error(`There are no credentials; set ${variable} to the key file of an account.`);
  }
  return new Error(`Google refused the credentials in ${variable}; make a new key for the account and put it there.`);
}

async function readKey(context: Context, variable: string): Promise<Record<string, string> | undefined> {
  const value = context.readEnv(variable)?.trim();
  if (!value && variable === adcVariable) return undefined;
  if (!value) {
    throw new Error(`There are no credentials; set ${variable} to the key file of an account, or to the key itself.`);
  }
  if (variable === keyVariable && !isKeyOfServiceAccount(value)) {
    throw new Error(`${variable} holds no key of a service account; set it to the JSON that Google hands out.`);
  }
  const text = value.startsWith('{') ? value : await readKeyFile(variable, value);
  try {
    const key = JSON.parse(text) as Record<string, string>;
    if (!kinds.includes(key['type'] ?? '')) throw new Error('another kind');
    return key;
  } catch {
    throw new Error(`${variable} holds no key that can be used; it must be JSON with a type of ${kinds.join(', ')}.`);
  }
}

function isKeyOfServiceAccount(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type === 'service_account';
  } catch {
    return false;
  }
}

async function readKeyFile(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new Error(`The file that ${variable} names cannot be read; correct the path, or let the server read it.`);
  }
}

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
function impersonating(context: Context, given: { source: Access; email: string }): Access {
  const { email, source } = given;
  const endpoint = new URL(context.config.apiEndpoint ?? 'https://bigquery.googleapis.com');
  const host = isLoopback(endpoint) ? endpoint : new URL('https://iamcredentials.googleapis.com');
  const url = new URL(`/v1/projects/-/serviceAccounts/${email}:generateAccessToken`, host);
  let held: { token: string; endsAt: number } | undefined;
  return async () => {
    if (!held || held.endsAt < Date.now() + marginSeconds * 1000) {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: { ...(await source()), 'content-type': 'application/json' },
        body: JSON.stringify({ scope: [scope], lifetime: '3600s' }),
        signal: context.signal,
      });
      const body = await response.text();
      if (!response.ok) throw failureOf(`act as ${email}`, { status: response.status, body });
      const answer = JSON.parse(body) as { accessToken: string; expireTime: string };
      held = { token: answer.accessToken, endsAt: Date.parse(answer.expireTime) };
    }
    return { authorization: `Bearer ${held.token}` };
  };
}
