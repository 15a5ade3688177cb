/** The part of the package that the tests use; it has no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export interface OidcContext {
    readonly oidc: {
      readonly params: { readonly scope: string };
      readonly client: { readonly clientId: string };
      readonly session: { readonly accountId: string };
      readonly provider: OidcServer;
    };
  }

  export default class OidcServer {
    constructor(issuer: string, configuration: Record<string, unknown>);
    readonly Grant: new (given: { clientId: string; accountId: string }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: unknown): Promise<void>;
  }
}
