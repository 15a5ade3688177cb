import type { Services } from '../operation/services.ts';
import type { AccessRequest } from './access-request.ts';
import { selectAccessRequestPage, selectAccessRequests, type AccessRequestPage } from './access-request.store.ts';

/** The requests with these ids, each at its id's place; null where there is none. */
export async function readAccessRequests(
  services: Services,
  ids: readonly string[],
): Promise<(AccessRequest | null)[]> {
  const requests = new Map((await selectAccessRequests(services.store.db, ids)).map((row) => [row.id, row]));
  return ids.map((id) => requests.get(id) ?? null);
}

/** One page of requests, newest first. */
export function listAccessRequests(services: Services, page: AccessRequestPage): Promise<AccessRequest[]> {
  return selectAccessRequestPage(services.store.db, page);
}
