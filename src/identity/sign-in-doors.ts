/** A way to come in that is open on this instance. */
export interface SignInDoor {
  kind: 'PASSWORD';
  /** What to call it on a page. */
  label: string;
  /** Where a browser goes for it; null: it is a mutation. */
  url: string | null;
}

/** The doors that are open, in the order in which a page should offer them. */
export function signInDoors(): SignInDoor[] {
  return [{ kind: 'PASSWORD', label: 'Password', url: null }];
}
