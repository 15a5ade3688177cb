import { isHttps } from './session-cookie.ts';

/** The value of the cookie that keeps a sign-in which this browser began; undefined when there is none. */
export function readFlowCookie(cookieHeader: string | undefined, publicUrl: string): string | undefined {
  const start = `${nameOf(publicUrl)}=`;
  const cookies = (cookieHeader ?? '').split(';').map((part) => part.trim());
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length);
}

/** A `Set-Cookie` header that keeps a sealed flow. `Lax`, for the provider sends the browser back by a link. */
export function setFlowCookie(sealed: string, publicUrl: string, maxAgeSeconds: number): string {
  const secure = isHttps(publicUrl) ? '; Secure' : '';
  return `${nameOf(publicUrl)}=${sealed}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** A `Set-Cookie` header that takes the flow away. */
export function clearFlowCookie(publicUrl: string): string {
  return setFlowCookie('', publicUrl, 0);
}

function nameOf(publicUrl: string): string {
  return isHttps(publicUrl) ? '__Host-agnes-flow' : 'agnes-flow';
}
