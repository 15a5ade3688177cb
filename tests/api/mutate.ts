import { ask, type Shown, type TestServer } from '../kit/server.ts';

/** The result union of a mutation: its `__typename`, the fields of every expected failure, and what `payload` selects. */
export async function mutate(
  server: TestServer,
  as: Shown,
  given: { field: string; input: Record<string, unknown>; payload?: string },
  // oxlint-disable-next-line typescript/no-explicit-any
): Promise<any> {
  const { field, input, payload = '' } = given;
  const name = `${field[0]?.toUpperCase()}${field.slice(1)}`;
  const query = `mutation ($input: ${name}Input!) { ${field}(input: $input) {
    __typename
    ... on Error { code message }
    ... on InvalidInputError { fields { path message } }
    ${payload && `... on ${name}Payload { ${payload} }`}
  } }`;
  const answer = await ask(server, { as, query, variables: { input } });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data[field];
}
