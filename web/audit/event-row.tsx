import { Button, UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { formatExactTime } from '../format.ts';
import { ChevronIcon } from '../icons.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { AuditFilter } from './audit-filter.ts';
import { DetailList } from './detail-list.tsx';
import type { AuditEvent } from './documents.ts';
import { ResourceLink } from './resource-link.tsx';
import { summarizeDetails } from './summarize-details.ts';
import styles from './audit.module.css';

interface EventRowProps {
  event: AuditEvent;
  onOnly: (part: AuditFilter) => void;
}

/** One event; its details unfold below it. */
export function EventRow({ event, onOnly }: EventRowProps) {
  const { action, actor, resource, at, credential, requestId, details } = event;
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const summary = summarizeDetails(details);
  return (
    <>
      <tr data-event={action}>
        <th scope="row">
          <UnstyledButton
            className={styles.unfold}
            aria-expanded={open}
            aria-controls={open ? detailsId : undefined}
            onClick={() => setOpen(!open)}
          >
            <ChevronIcon />
            <span>{action}</span>
          </UnstyledButton>
        </th>
        <td title={actor}>
          <bdi className={styles.cut}>{actor}</bdi>
        </td>
        <td title={resource}>
          <ResourceLink resource={resource} details={details} />
          {summary !== '' && <bdi className={styles.summary}>{summary}</bdi>}
        </td>
        <td>
          <RelativeTime moment={at} />
        </td>
      </tr>
      {open && (
        <tr id={detailsId} className={styles.below}>
          <td colSpan={4}>
            <div className={styles.details}>
              <DetailList details={details} />
              <dl className={styles.facts}>
                <dt>when</dt>
                <dd>{formatExactTime(new Date(at))}</dd>
                <dt>on what</dt>
                <dd>
                  <bdi>{resource}</bdi>
                </dd>
                <dt>credential</dt>
                <dd>{credential}</dd>
                <dt>request</dt>
                <dd>
                  <bdi>{requestId}</bdi>
                </dd>
              </dl>
              <div className={styles.narrowing}>
                <Button variant="default" size="compact-xs" onClick={() => onOnly({ actor })}>
                  Only by this one
                </Button>
                <Button variant="default" size="compact-xs" onClick={() => onOnly({ action })}>
                  Only {action}
                </Button>
                <Button variant="default" size="compact-xs" onClick={() => onOnly({ resource })}>
                  Only on this
                </Button>
              </div>
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
