import { useEffect, useRef } from 'react';

/** For a form: whenever the server has refused it anew, the cursor goes to the first field that is at fault. */
export function useFocusOnFault(refusal: object | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusal]);
  return form;
}
