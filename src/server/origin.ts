/** The origins from which a browser may use a session: the server's own, and those the operator listed. */
export interface OriginLaw {
  readonly publicUrl: string;
  readonly corsOrigins: readonly string[];
}

/** Whether a request that relies on the session cookie may come from `origin`, the header as it was sent. */
export function originAllowed({ origin, publicUrl, corsOrigins }: OriginLaw & { origin: string | undefined }): boolean {
  if (!origin || origin === 'null') return false;
  return [publicUrl, ...corsOrigins].some((allowed) => URL.canParse(allowed) && new URL(allowed).origin === origin);
}

/** Whether development mode answers a request with this `Host` header: other names could be DNS rebinding. */
export function hostAllowedInDevelopment(hostHeader: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(hostHeader ?? '');
}
