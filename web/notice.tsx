import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { describeFailure } from './data/failure.ts';
import { AskForRole } from './frame/ask-for-role.tsx';
import styles from './notice.module.css';

interface NoticeProps {
  title: string;
  /** 1 when the notice stands in for a whole page. */
  level?: 1 | 2 | 3;
  /** `bad`: something failed or was refused; read out at once. */
  tone?: 'plain' | 'bad';
  children: ReactNode;
  actions?: ReactNode;
}

/** A message in place of content: what is the case, and what to do about it. */
export function Notice({ title, level = 2, tone = 'plain', children, actions }: NoticeProps) {
  const Heading = `h${level}` as const;
  return (
    <section className={styles.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Heading className={styles.title}>{title}</Heading>
      {children}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}

interface FailureNoticeProps {
  error: CombinedError;
  /** What could not be had, as the start of a sentence: `The tables`. */
  what: string;
  retry: () => void;
}

/** Says why a request gave nothing: the role that is missing, the end of the session, or the failure with a retry. */
export function FailureNotice({ error, what, retry }: FailureNoticeProps) {
  const failure = describeFailure(error);
  if (failure.kind === 'refused') {
    return (
      <Notice title="You may not see this page" tone="bad">
        {failure.requiredRole ? (
          <>
            <p>
              It needs the role <strong>{failure.requiredRole}</strong>, which you do not have. An administrator can
              grant it to you.
            </p>
            <AskForRole role={failure.requiredRole} />
          </>
        ) : (
          <p>{failure.message}</p>
        )}
      </Notice>
    );
  }
  if (failure.kind === 'signedOut') {
    return (
      <Notice title="Your session has ended" tone="bad" actions={<ReloadButton />}>
        <p>Sign in again to go on.</p>
      </Notice>
    );
  }
  return (
    <Notice title={`${what} could not be loaded`} tone="bad" actions={<Button onClick={retry}>Try again</Button>}>
      <p>{failure.message}</p>
    </Notice>
  );
}

export function ReloadButton() {
  return <Button onClick={() => location.reload()}>Reload the page</Button>;
}
