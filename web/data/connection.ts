import { createClient } from 'graphql-ws';

/** `lost`: the socket was open and is gone; it is tried again until it opens. */
export type ConnectionState = 'unused' | 'open' | 'lost';

const listeners = new Set<() => void>();
const openListeners = new Set<() => void>();
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
      for (const listener of openListeners) listener();
    },
    closed: (event) => become(isWanted(event) ? 'unused' : 'lost'),
  },
});

/** Calls `listener` whenever the socket opened, the first time too: what happened before was not heard. */
export function onSocketOpen(listener: () => void): void {
  openListeners.add(listener);
}

export function subscribeToState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function connectionState(): ConnectionState {
  return state;
}

function become(next: ConnectionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** We close with 1000 when the last subscription ended. */
function isWanted(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === 1000;
}

/** Doubles from half a second to half a minute, spread so that not all pages come back at once. */
function retryDelayMilliseconds(retries: number): number {
  return Math.min(500 * 2 ** retries, 30_000) * (0.5 + Math.random());
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
