import { execute, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';

const executionSeconds = 90;

/**
 * Executes a query, a mutation, or a subscription for one event, within the time limit of one request; past it the answer is an error with the code
 * `TIMEOUT`. Statements have a shorter limit of their own.
 */
export async function executeWithinTime(args: ExecutionArgs): Promise<ExecutionResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExecutionResult>((resolve) => {
    timer = setTimeout(() => {
      const message = `The request took longer than ${executionSeconds} seconds.`;
      resolve({ errors: [new GraphQLError(message, { extensions: { code: 'TIMEOUT' } })] });
    }, executionSeconds * 1000);
  });
  try {
    return await Promise.race([execute(args), late]);
  } finally {
    clearTimeout(timer);
  }
}
