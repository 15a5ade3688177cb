import { UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazyRouteComponent } from '@tanstack/react-router';
import { Suspense, useRef, useState } from 'react';
import { SearchIcon } from '../icons.tsx';
import styles from './frame.module.css';

const Palette = lazyRouteComponent(() => import('../palette/palette.tsx'), 'Palette');
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Opens the palette, as Ctrl+K or ⌘K does wherever one is; the palette is loaded when it is first wanted. */
export function PaletteButton() {
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);

  // Mantine would give the focus back, but not from a dialog that was open when it was first drawn.
  const opener = useRef<Element | null>(null);

  function open(): void {
    opener.current = document.activeElement;
    setWanted(true);
    setOpened(true);
  }

  function close(): void {
    setOpened(false);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }

  useHotkeys([['mod+K', opened ? close : open]], [], true);
  return (
    <>
      <UnstyledButton className={styles.palette} aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'} onClick={open}>
        <SearchIcon />
        <span>Go to…</span>
        <kbd aria-hidden>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      {wanted && (
        <Suspense>
          <Palette opened={opened} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
