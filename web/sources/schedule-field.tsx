import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { formatExactTime } from '../format.ts';
import { CheckScheduleQuery } from './documents.ts';
import styles from './sources.module.css';

interface ScheduleFieldProps {
  value: string;
  /** What the server said when it refused the form. */
  error: string | undefined;
  onChange: (text: string) => void;
}

/** When a table is synced by itself: while one types, the server says what is wrong with it or when it would be due. */
export function ScheduleField({ value, error, onChange }: ScheduleFieldProps) {
  const typed = value.trim();
  const [asked] = useDebouncedValue(typed, 250);
  const [{ data, operation }] = useQuery({
    query: CheckScheduleQuery,
    variables: { schedule: asked },
    pause: asked === '',
  });
  const isAnswer = typed !== '' && operation?.variables.schedule === typed;
  const check = isAnswer ? data?.checkSchedule : null;
  return (
    <div>
      <TextInput
        label="Schedule"
        description="Such as every 15m, every 2h, daily 07:00,19:30 (UTC), or five cron fields (UTC). Empty: only when asked."
        spellCheck={false}
        value={value}
        error={check?.fault ?? error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <p className={styles.next} role="status">
        {check && check.fault === null && `Due ${check.dueTimes.map((at) => formatExactTime(new Date(at))).join('; ')}`}
      </p>
    </div>
  );
}
