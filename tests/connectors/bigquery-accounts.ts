import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';

const bigqueryScope = 'https://www.googleapis.com/auth/bigquery';
const cloudScope = 'https://www.googleapis.com/auth/cloud-platform';

/** Making a key takes long, and each account needs only one of its own. */
const keyPairs = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();

function keyPairOf(email: string) {
  const pair = keyPairs.get(email) ?? generateKeyPairSync('rsa', { modulusLength: 2048 });
  keyPairs.set(email, pair);
  return pair;
}

interface Answer {
  status: number;
  body: unknown;
}

/**
 * Who may ask the stand-in, and Google's ways to prove it:
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest (a JWT signed with RS256),
 * https://developers.google.com/identity/protocols/oauth2/web-server#offline (a refresh token) and
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken.
 */
export class StandInAccounts {
  readonly #keys = new Map<string, KeyObject>();
  readonly #refresh = new Map<string, string>();
  readonly #tokens = new Map<string, { email: string; scopes: string[] }>();
  /** Which account may act as which. */
  readonly impersonators = new Map<string, string>();

  /** An account; its key file as Google hands it out. */
  serviceAccount(email: string): Record<string, string> {
    const { publicKey, privateKey } = keyPairOf(email);
    this.#keys.set(email, publicKey);
    return {
      type: 'service_account',
      project_id: 'shop-project',
      private_key_id: randomUUID(),
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      client_email: email,
      token_uri: 'https://oauth2.googleapis.com/token',
    };
  }

  /** The file that `gcloud auth application-default login` writes. */
  person(email: string): Record<string, string> {
    const refreshToken = randomUUID();
    this.#refresh.set(refreshToken, email);
    return { type: 'authorized_user', client_id: 'id', client_secret: 'secret', refresh_token: refreshToken };
  }

  /** Ends every token that was handed out. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /** The account of a request, or null when its token is not one of ours, or not for BigQuery. */
  accountOf(authorization: string | undefined, scopes = [bigqueryScope, cloudScope]): string | null {
    const held = this.#tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    return held && held.scopes.some((scope) => scopes.includes(scope)) ? held.email : null;
  }

  /** `POST /token`. */
  async token(form: URLSearchParams): Promise<Answer> {
    const email = await this.#emailOf(form).catch(() => null);
    if (!email) return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
    return {
      status: 200,
      body: { access_token: this.#issue(email.email, email.scopes), expires_in: 3600, token_type: 'Bearer' },
    };
  }

  /** `POST /v1/projects/-/serviceAccounts/<email>:generateAccessToken`. */
  impersonate(authorization: string | undefined, target: string, scopes: string[]): Answer {
    const email = this.accountOf(authorization, [cloudScope]);
    if (email === null || this.impersonators.get(email) !== target) {
      const message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
      return { status: 403, body: { error: { code: 403, message, status: 'PERMISSION_DENIED' } } };
    }
    const expireTime = new Date(Date.now() + 3_600_000).toISOString();
    return { status: 200, body: { accessToken: this.#issue(target, scopes), expireTime } };
  }

  #issue(email: string, scopes: string[]): string {
    const token = `ya29.${randomUUID()}`;
    this.#tokens.set(token, { email, scopes });
    return token;
  }

  async #emailOf(form: URLSearchParams): Promise<{ email: string; scopes: string[] } | null> {
    if (form.get('grant_type') === 'refresh_token') {
      const email = this.#refresh.get(form.get('refresh_token') ?? '');
      return email === undefined ? null : { email, scopes: [bigqueryScope, cloudScope] };
    }
    const assertion = form.get('assertion') ?? '';
    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()) as { iss: string };
    const key = this.#keys.get(claims.iss);
    if (!key) return null;
    const spki = await importSPKI(key.export({ type: 'spki', format: 'pem' }).toString(), 'RS256');
    const { payload } = await jwtVerify<{ scope: string }>(assertion, spki, {
      algorithms: ['RS256'],
      audience: 'https://oauth2.googleapis.com/token',
      issuer: claims.iss,
    });
    return { email: claims.iss, scopes: payload.scope.split(' ') };
  }
}
