import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import styles from './copyable-code.module.css';

interface CopyableCodeProps {
  /** What it is: `The statement`. */
  label: string;
  text: string;
}

/** Text to be run elsewhere, such as a statement or a command, with a button that copies it. */
export function CopyableCode({ label, text }: CopyableCodeProps) {
  const code = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied.');
    } catch {
      if (code.current) getSelection()?.selectAllChildren(code.current);
      setSaid('This browser does not let the page copy: it is selected, copy it by hand.');
    }
  }

  return (
    <div className={styles.block}>
      <pre ref={code} className={styles.code} role="region" aria-label={label} tabIndex={0}>
        {text}
      </pre>
      <div className={styles.foot}>
        <span role="status">{said}</span>
        <Button variant="default" size="compact-sm" aria-label={`Copy: ${label}`} onClick={() => void copy()}>
          Copy
        </Button>
      </div>
    </div>
  );
}
