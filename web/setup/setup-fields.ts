/** What the form asks for. */
export interface SetupFields {
  email: string;
  name: string;
  password: string;
  repeatedPassword: string;
}

export type SetupFaults = Partial<Record<keyof SetupFields, string>>;

export const emptySetupFields: SetupFields = { email: '', name: '', password: '', repeatedPassword: '' };

/** The least number of characters of a password. */
export const shortestPassword = 12;

/** What is wrong with the fields as they stand, each in one sentence; empty when they can be sent. */
export function findSetupFaults({ email, name, password, repeatedPassword }: SetupFields): SetupFaults {
  const faults: SetupFaults = {};
  if (!/^\S+@\S+\.\S+$/.test(email.trim())) faults.email = 'Enter an e-mail address, like ada@example.com.';
  if (name.trim() === '') faults.name = 'Enter your name.';
  if (password.length < shortestPassword) faults.password = `Use at least ${shortestPassword} characters.`;
  if (repeatedPassword !== password) faults.repeatedPassword = 'The two passwords differ.';
  return faults;
}
