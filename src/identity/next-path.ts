const base = 'https://own.invalid';

// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * The path of our own, with query and fragment, to which a browser goes after a sign-in; `/` for whatever could lead elsewhere
 * (another host, `//`, backslashes, control characters, their encoded forms) and for `/auth/`, where sign-ins begin.
 */
export function nextPath(next: string | null | undefined): string {
  if (typeof next !== 'string' || next.length > 2000 || next.includes('\\') || controlCharacter.test(next)) return '/';
  const [path = ''] = next.split(/[?#]/);
  if (!isPlainPath(path) || !URL.canParse(next, base)) return '/';
  const url = new URL(next, base);
  if (url.origin !== base || !isPlainPath(url.pathname) || /^\/auth(\/|$)/i.test(url.pathname)) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Looks at the path as it is and as it reads after each of three decodings. */
function isPlainPath(path: string): boolean {
  let text = path;
  for (let round = 0; round < 4; round += 1) {
    if (!/^\/(?!\/)/.test(text) || text.includes('\\') || controlCharacter.test(text)) return false;
    try {
      text = decodeURIComponent(text);
    } catch {
      return false;
    }
  }
  return true;
}
