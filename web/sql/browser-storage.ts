/** Reads what this browser keeps under a name; null also where it keeps nothing, as in some private windows. */
export function readKept(kind: 'localStorage' | 'sessionStorage', name: string): string | null {
  try {
    return window[kind].getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name, or removes it when null; false where this browser does not. */
export function keep(kind: 'localStorage' | 'sessionStorage', name: string, text: string | null): boolean {
  try {
    if (text === null) window[kind].removeItem(name);
    else window[kind].setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
