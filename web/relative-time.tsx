import { formatExactTime, formatRelativeTime } from './format.ts';
import { useNow } from './now.ts';

/** A moment as people say it; pointing at it tells the exact time. */
export function RelativeTime({ moment }: { moment: string }) {
  const now = useNow();
  const date = new Date(moment);
  return (
    <time dateTime={moment} title={formatExactTime(date)}>
      {formatRelativeTime(date, now)}
    </time>
  );
}
