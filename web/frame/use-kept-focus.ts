import { useEffect } from 'react';

/** Where the focus was last on the page itself: the element, and its row in a list or table, if it stood in one. */
interface Place {
  element: Element;
  list: Element | null;
  index: number;
}

/**
 * Keeps the place of who works by keyboard: when what had the focus leaves the page, as the row of a session does that was
 * ended, the focus goes to the row that is there now, else to the beginning of the page. A dialog gives the focus back by itself.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Place | null = null;

    function remember({ target }: FocusEvent): void {
      if (!(target instanceof Element) || target.closest('[role="dialog"]')) return;
      last = target.closest('#content') ? placeOf(target) : null;
    }

    function keep(): void {
      if (!last || last.element.isConnected || document.activeElement !== document.body) return;
      const next = nearestControl(last) ?? document.getElementById('content');
      last = null;
      next?.focus();
    }

    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', remember);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', remember);
    };
  }, []);
}

function placeOf(element: Element): Place {
  const row = element.closest('li, tr');
  const list = row?.parentElement ?? null;
  return { element, list, index: list && row ? [...list.children].indexOf(row) : 0 };
}

/** A button of the row that took the place, of one behind it, else of one before it. */
function nearestControl({ list, index }: Place): HTMLElement | undefined {
  if (!list?.isConnected) return undefined;
  const rows = [...list.children];
  return [...rows.slice(index), ...rows.slice(0, index).toReversed()]
    .map((row) => row.querySelector<HTMLElement>('button:not(:disabled)'))
    .find((button) => button !== null);
}
