import { useNow } from '../now.ts';
import { RelativeTime } from '../relative-time.tsx';

/** When a schedule wants something next; what is overdue is due now. */
export function DueTime({ at, none = 'no schedule' }: { at: string | null | undefined; none?: string }) {
  const now = useNow();
  if (at == null) return none;
  return new Date(at).getTime() - now.getTime() < 60_000 ? 'now' : <RelativeTime moment={at} />;
}
