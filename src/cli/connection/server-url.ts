import { wrongUsage } from '../failure.ts';

/** Where a server on this machine listens unless it was told otherwise. */
export const defaultServer = 'http://127.0.0.1:8000';

/** The base URL of a server without a slash at its end; `from` names what it was read from. */
export function parseServerUrl(text: string, from: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw wrongUsage(`${from} is not the URL of a server; write it like https://agnes.example.com.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether what is sent there can be read on the way by others. */
export function isExposed(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol === 'http:' && !/^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
