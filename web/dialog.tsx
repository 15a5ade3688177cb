import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface DialogProps {
  title: ReactNode;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

const titleStyle = { minWidth: 0, fontWeight: 600, overflowWrap: 'anywhere' } as const;

/** Asks for something above the page. Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, opened, onClose, children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered size="lg" transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Mantine makes this a `header`, which would count as a second banner of the page. */}
        <Modal.Header role="none">
          <Modal.Title style={titleStyle}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
