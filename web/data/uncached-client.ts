import { Client, fetchExchange } from 'urql';

/**
 * A client for answers of many rows: nothing is kept, and nothing is asked for again by itself, because each question is a
 * statement that runs. Leaving a question ends its request, which stops the statement at the server.
 */
export const uncachedClient = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetchOptions: { credentials: 'same-origin' },
  exchanges: [fetchExchange],
});
