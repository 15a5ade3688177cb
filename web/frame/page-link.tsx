import { Anchor } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { useMayOpen } from './use-may-open.ts';

interface PageLinkProps extends PagePlace {
  children: ReactNode;
  /** Shown to who may not use the page; nothing unless given. */
  otherwise?: ReactNode;
}

/** A page of this app: the path of its route, what stands for each `$name` in it, and what is behind the `?`. */
interface PagePlace {
  path: string;
  params?: Readonly<Record<string, string>>;
  search?: Readonly<Record<string, string>>;
}

/** Leads to a page of this app, for who may use that page. */
export function PageLink({ children, otherwise = null, ...place }: PageLinkProps) {
  const navigate = useNavigate();
  const mayOpen = useMayOpen();
  if (!mayOpen(place.path)) return otherwise;
  const href = hrefOf(place);

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
export function hrefOf({ path, params = {}, search = {} }: PagePlace): string {
  const filled = path.replaceAll(/\$(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
  const text = new URLSearchParams(search).toString();
  return text === '' ? filled : `${filled}?${text}`;
}
