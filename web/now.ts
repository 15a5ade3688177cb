import { useSyncExternalStore } from 'react';

const refreshMilliseconds = 20_000;
const listeners = new Set<() => void>();
let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

/** The present, for times like "5 minutes ago": renewed every 20 seconds, for all who ask at once. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = new Date();
    timer = setInterval(renew, refreshMilliseconds);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function renew(): void {
  now = new Date();
  for (const listener of listeners) listener();
}
