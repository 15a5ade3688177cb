import { createClient } from 'graphql-ws';

/** `lost`: the socket was open and is gone; it is tried again until it opens. */
export type ConnectionState = 'unused' | 'open' | 'lost';

/** The code of a socket whose last subscription ended. */
const closedByUs = 1000;

const listeners = new Set<() => void>();
const resyncListeners = new Set<() => void>();
let state: ConnectionState = 'unused';

/** The one socket of this page. It opens with the first subscription and comes back by itself after a loss. */
export const socket = createClient({
  url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
  retryAttempts: Infinity,
  shouldRetry: () => true,
  retryWait: (retries) => sleep(retryDelayMilliseconds(retries)),
  on: {
    connected: () => {
      become('open');
      tellResync();
    },
    closed: (event) => {
      const code = event instanceof CloseEvent ? event.code : undefined;
      const refused = code !== undefined && code >= 4400 && code < 4500;
      become(refused || code === closedByUs ? 'unused' : 'lost');
      if (refused) tellResync();
    },
  },
});

/**
 * Calls `listener` whenever what was fetched may be old: when the socket opened, the first time too, because what happened
 * before was not heard; when the server refused it or ended a subscription, because the session or a role may be gone; and
 * when somebody comes back to the page.
 */
export function onResync(listener: () => void): void {
  resyncListeners.add(listener);
}

export function subscribeToState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function connectionState(): ConnectionState {
  return state;
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') tellResync();
});

function become(next: ConnectionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** Says that what was fetched may be old. */
export function tellResync(): void {
  for (const listener of resyncListeners) listener();
}

/** Doubles from half a second to half a minute, spread so that not all pages come back at once. */
function retryDelayMilliseconds(retries: number): number {
  return Math.min(500 * 2 ** retries, 30_000) * (0.5 + Math.random());
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
