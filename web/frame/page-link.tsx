import { Anchor } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { useMayOpen } from './use-may-open.ts';

interface PageLinkProps {
  path: string;
  search?: Readonly<Record<string, string>>;
  children: ReactNode;
}

/** Leads to a page of this app; nothing for who may not use that page. */
export function PageLink({ path, search = {}, children }: PageLinkProps) {
  const navigate = useNavigate();
  const mayOpen = useMayOpen();
  if (!mayOpen(path)) return null;
  const href = hrefOf(path, search);

  function follow(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate({ href });
  }

  return (
    <Anchor href={href} underline="always" size="sm" onClick={follow}>
      {children}
    </Anchor>
  );
}

/** The address of a page of this app. */
export function hrefOf(path: string, search: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(search).toString();
  return text === '' ? path : `${path}?${text}`;
}
