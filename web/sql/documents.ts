import { graphql, type ResultOf } from '../graphql.ts';
import { ResultParts } from '../results/documents.ts';

export const RunStatementQuery = graphql(
  `
    query RunStatement($statement: String!, $limit: Int!) {
      sql(statement: $statement, limit: $limit) {
        ...ResultParts
      }
    }
  `,
  [ResultParts],
);

export const NamedTablesQuery = graphql(`
  query NamedTables($after: String) {
    tables(first: 500, after: $after) {
      edges {
        node {
          sqlName
          alias
          columns {
            name
            type
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const ExportParts = graphql(`
  fragment ExportParts on Export {
    id
    statement
    format
    state
    rows
    sizeBytes
    error
    createdAt
    expiresAt
    url
  }
`);

export const ExportsQuery = graphql(
  `
    query Exports {
      viewer {
        id
        exports {
          ...ExportParts
        }
      }
    }
  `,
  [ExportParts],
);

export const ExportSqlMutation = graphql(`
  mutation ExportSql($input: ExportSqlInput!) {
    exportSql(input: $input) {
      __typename
      ... on Error {
        message
      }
      ... on ExportSqlPayload {
        export {
          id
        }
      }
    }
  }
`);

/** A table as statements name it. */
export type NamedTable = NonNullable<ResultOf<typeof NamedTablesQuery>['tables']>['edges'][number]['node'];

export type ExportFacts = ResultOf<typeof ExportParts>;
