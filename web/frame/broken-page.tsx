import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Notice, ReloadButton } from '../notice.tsx';

/** Shown in place of a page that threw; the rest of the frame stays. */
export function BrokenPage({ reset }: ErrorComponentProps) {
  return (
    <Notice
      title="This page has a fault"
      level={1}
      tone="bad"
      actions={
        <>
          <Button onClick={reset}>Try again</Button>
          <ReloadButton />
        </>
      }
    >
      <p>It could not be shown. The browser's console tells more; an administrator can report it.</p>
    </Notice>
  );
}
