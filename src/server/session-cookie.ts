/** The session cookie's name: `__Host-agnes` ties it to this host and to https, where there is https. */
export function sessionCookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? '__Host-agnes' : 'agnes';
}

/** The session in a `Cookie` header; undefined when there is none. */
export function readSessionCookie(cookieHeader: string | undefined, publicUrl: string): string | undefined {
  const start = `${sessionCookieName(publicUrl)}=`;
  for (const part of (cookieHeader ?? '').split(';')) {
    const cookie = part.trim();
    if (cookie.startsWith(start) && cookie.length > start.length) return cookie.slice(start.length);
  }
  return undefined;
}

/** A `Set-Cookie` header that keeps `session` (base64url, as made by `newSecret`) for `maxAgeSeconds`. */
export function setSessionCookie(session: string, publicUrl: string, maxAgeSeconds: number): string {
  const secure = isHttps(publicUrl) ? '; Secure' : '';
  return `${sessionCookieName(publicUrl)}=${session}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** A `Set-Cookie` header that takes the session cookie away. */
export function clearSessionCookie(publicUrl: string): string {
  return setSessionCookie('', publicUrl, 0);
}

/** Whether browsers reach this server by https. */
export function isHttps(publicUrl: string): boolean {
  return new URL(publicUrl).protocol === 'https:';
}
