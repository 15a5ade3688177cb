import { makeConnector } from './make-connector.ts';

/** Tables of a Keboola project. */
export const connector = makeConnector({ fetch: globalThis.fetch, patienceSeconds: 60 });
