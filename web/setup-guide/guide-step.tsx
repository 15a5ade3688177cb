import { Button, UnstyledButton } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { ChevronIcon, DoneIcon, NeverIcon } from '../icons.tsx';
import styles from './setup-guide.module.css';

interface GuideStepProps {
  number: number;
  title: string;
  done: boolean;
  /** What is missing; null when the step is done. */
  todo: string | null;
  open: boolean;
  onToggle: () => void;
  /** Goes on to the next step; absent in the last. */
  onNext?: () => void;
  children: ReactNode;
}

/** One step: its heading says whether it is done, and unfolds it. */
export function GuideStep({ number, title, done, todo, open, onToggle, onNext, children }: GuideStepProps) {
  const id = useId();
  return (
    <li className={styles.step} data-step={title}>
      <h2 className={styles.heading}>
        <UnstyledButton className={styles.toggle} aria-expanded={open} aria-controls={id} onClick={onToggle}>
          <ChevronIcon />
          <span className={styles.title}>
            {number}. {title}
          </span>
          <span className={styles.state} data-tone={done ? 'good' : 'none'}>
            {done ? <DoneIcon /> : <NeverIcon />}
            {done ? 'Done' : 'To do'}
          </span>
        </UnstyledButton>
      </h2>
      <div id={id} hidden={!open} className={styles.body}>
        {todo && <p className={styles.todo}>{todo}</p>}
        {open && children}
        {onNext && (
          <Button variant="subtle" size="compact-sm" className={styles.next} onClick={onNext}>
            {done ? 'Go on to the next step' : 'Skip this step for now'}
          </Button>
        )}
      </div>
    </li>
  );
}
