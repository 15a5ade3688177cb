import * as oidc from 'openid-client';
import type { SignInProvider } from '../kernel/sign-in-config.ts';
import type { OidcFlow } from './oidc-flow.ts';
import { readPerson, type OidcPerson } from './oidc-person.ts';
import type { Claims, GroupsAnswer, Profile } from './providers/profile.ts';
import { ProviderSignInError } from './provider-sign-in-error.ts';

const timeoutSeconds = 10;
const metadataMilliseconds = 3_600_000;
const clockToleranceSeconds = 60;

/** Whom a provider signed in, and what it says of the groups. */
export interface OidcAnswer {
  readonly person: OidcPerson;
  /** Whether the provider's own conditions for somebody new are met; the domain of the address is not among them. */
  readonly vouchedFor: boolean;
  readonly groups: GroupsAnswer;
}

/** One configured issuer. What it announces is asked for at the first sign-in and again each hour; a failure is not kept. */
export class OidcProvider {
  readonly settings: SignInProvider;
  readonly #profile: Profile;
  #metadata: { readonly found: Promise<oidc.ServerMetadata>; readonly until: number } | null = null;

  constructor(settings: SignInProvider, profile: Profile) {
    this.settings = settings;
    this.#profile = profile;
  }

  /** Begins a flow: where to send the browser, and what to keep with it. Throws a `ProviderSignInError`. */
  async begin(given: { redirectUri: string; next: string }): Promise<{ url: URL; flow: OidcFlow }> {
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    try {
      const client = await this.#client();
      const url = oidc.buildAuthorizationUrl(client, {
        redirect_uri: given.redirectUri,
        scope: this.#profile.scopes(client.serverMetadata().scopes_supported ?? []).join(' '),
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url, flow: { provider: this.settings.id, state, nonce, verifier, next: given.next } };
    } catch (error) {
      throw new ProviderSignInError('provider-unavailable', { cause: error });
    }
  }

  /** Ends a flow with the address to which the provider sent the browser back. Throws a `ProviderSignInError`. */
  async finish(callback: URL, flow: OidcFlow): Promise<OidcAnswer> {
    const { idToken, userInfo, accessToken } = await this.#exchange(callback, flow).catch((error: unknown) => {
      throw new ProviderSignInError(refusalOf(error), { cause: error });
    });
    const person = readPerson(idToken, userInfo);
    const claims = { ...idToken, ...userInfo };
    const domain = person.email.slice(person.email.lastIndexOf('@') + 1);
    const { allowedDomains } = this.settings;
    return {
      person,
      vouchedFor: allowedDomains.includes(domain) && this.#profile.vouchesFor(claims, { domain, allowedDomains }),
      groups: await this.#profile.readGroups({ claims, accessToken, email: person.email }),
    };
  }

  async #exchange(
    callback: URL,
    flow: OidcFlow,
  ): Promise<{ idToken: oidc.IDToken; userInfo: Claims; accessToken: string }> {
    const client = await this.#client();
    const tokens = await oidc.authorizationCodeGrant(client, callback, {
      pkceCodeVerifier: flow.verifier,
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
    });
    const [idToken, accessToken] = [tokens.claims()!, tokens.access_token];
    const hasUserInfo = client.serverMetadata().userinfo_endpoint !== undefined;
    const userInfo = hasUserInfo ? await oidc.fetchUserInfo(client, accessToken, idToken.sub) : {};
    return { idToken, userInfo, accessToken };
  }

  /** A client of its own for each step, so that the issuer's keys are fetched anew: a rotated key counts at once. */
  async #client(): Promise<oidc.Configuration> {
    const { clientId, clientSecret } = this.settings;
    const metadata = await this.#discovered();
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authentication = methods.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
    const tolerance = { [oidc.clockTolerance]: clockToleranceSeconds };
    const client = new oidc.Configuration(metadata, clientId, tolerance, authentication(clientSecret));
    client.timeout = timeoutSeconds;
    for (const extension of this.#extensions()) extension(client);
    oidc.enableNonRepudiationChecks(client);
    return client;
  }

  async #discovered(): Promise<oidc.ServerMetadata> {
    if (this.#metadata && this.#metadata.until > performance.now()) return this.#metadata.found;
    const asked = { found: this.#discover(), until: performance.now() + metadataMilliseconds };
    this.#metadata = asked;
    try {
      return await asked.found;
    } catch (error) {
      if (this.#metadata === asked) this.#metadata = null;
      throw error;
    }
  }

  async #discover(): Promise<oidc.ServerMetadata> {
    const { issuer, clientId } = this.settings;
    const options = { timeout: timeoutSeconds, execute: this.#extensions() };
    return (await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), options)).serverMetadata();
  }

  /** The configuration takes a plain http issuer on this machine only. */
  #extensions(): ((client: oidc.Configuration) => void)[] {
    return new URL(this.settings.issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  }
}

function refusalOf(error: unknown): ProviderSignInError['reason'] {
  if (error instanceof oidc.AuthorizationResponseError) {
    return error.error === 'access_denied' ? 'cancelled' : 'provider-refused';
  }
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.WWWAuthenticateChallengeError) {
    return 'provider-refused';
  }
  const { code } = error as { code?: unknown };
  const unreachable = error instanceof TypeError && code === undefined;
  const unwell = code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM';
  return unreachable || unwell ? 'provider-unavailable' : 'provider-answer-invalid';
}
