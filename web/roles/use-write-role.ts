import { useMutation } from 'urql';
import { tellResync } from '../data/connection.ts';
import { findRefusal, type Refusal } from '../data/refusal.ts';
import { CreateRoleMutation, UpdateRoleMutation, type Role } from './documents.ts';

/** What the form of a role asks for. */
export interface RoleFields {
  key: string;
  displayName: string;
  description: string;
  implies: string[];
}

const fieldNames: readonly (keyof RoleFields)[] = ['key', 'displayName', 'description', 'implies'];

/** Makes a role, or changes `role`; resolves to why not, or to null when it is done. */
export function useWriteRole(role: Role | null) {
  const [creation, createRole] = useMutation(CreateRoleMutation);
  const [change, updateRole] = useMutation(UpdateRoleMutation);

  async function send(input: RoleFields): Promise<Refusal<keyof RoleFields> | null> {
    const { answer, error } = role ? await update(input) : await create(input);
    // The only thing that a new role can contradict is another with its key.
    if (!role && answer?.__typename === 'ConflictError') return { message: null, faults: { key: answer.message } };
    const refusal = findRefusal({ answer, error }, fieldNames);
    if (!refusal) tellResync();
    return refusal;
  }

  async function create(input: RoleFields) {
    const { data, error } = await createRole({ input });
    return { answer: data?.createRole, error };
  }

  async function update(input: RoleFields) {
    const { data, error } = await updateRole({ input });
    return { answer: data?.updateRole, error };
  }

  return { send, sending: creation.fetching || change.fetching };
}
