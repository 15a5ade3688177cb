import type { FormattedExecutionResult } from 'graphql';
import type { Client, Sink, SubscribePayload } from 'graphql-ws';

type Result = FormattedExecutionResult<Record<string, unknown>, Record<string, unknown>>;

/** Errors after which a subscription goes on: it was too slow, or away so long that only the present is left. */
const passing: ReadonlySet<unknown> = new Set(['TOO_SLOW', 'EVENTS_EXPIRED']);

/**
 * Subscribes so that nothing is lost and nothing comes twice when the socket is lost: each time it comes back, the variable
 * `$after`, if the document has it, names the last event that came. Returns how to stop.
 */
export function subscribeResuming(
  socket: Client,
  { query, variables }: SubscribePayload,
  sink: Sink<Result>,
): () => void {
  if (!query.includes('$after')) return socket.subscribe({ query, variables }, sink);
  let lastId: string | undefined;
  let leave = () => {};
  const stopListening = socket.on('connected', (_socket, told) => {
    lastId ??= (told as { lastEventId?: string } | undefined)?.lastEventId;
  });
  function subscribe(): void {
    leave = socket.subscribe<Record<string, unknown>, Record<string, unknown>>(
      {
        query,
        variables: {
          ...variables,
          get after() {
            return lastId;
          },
        },
      },
      {
        next(result) {
          lastId = idIn(result) ?? lastId;
          sink.next(result);
        },
        error(fault) {
          const code = codeOf(fault);
          if (!passing.has(code)) return sink.error(fault);
          if (code === 'EVENTS_EXPIRED') lastId = undefined;
          subscribe();
        },
        complete: () => sink.complete(),
      },
    );
  }
  subscribe();
  return () => {
    stopListening();
    leave();
  };
}

function idIn({ data }: Result): string | undefined {
  const [event] = Object.values(data ?? {}) as ({ id?: string } | null)[];
  return event?.id;
}

function codeOf(fault: unknown): unknown {
  return Array.isArray(fault) ? (fault[0] as { extensions?: { code?: unknown } }).extensions?.code : undefined;
}
