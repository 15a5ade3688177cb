import { graphql, type ResultOf } from '../connection/graphql.ts';

export const Metrics = graphql(`
  query Metrics($category: String, $search: String, $after: String) {
    metrics(category: $category, search: $search, first: 500, after: $after) {
      edges {
        node {
          category
          name
          displayName
          type
          unit
          grain
          tableName
          description
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MetricFiles = graphql(`
  query MetricFiles($after: String) {
    metrics(first: 500, after: $after) {
      edges {
        node {
          file
          yaml
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const ShownMetric = graphql(`
  query ShownMetric($id: ID!) {
    metric(id: $id) {
      category
      name
      displayName
      type
      unit
      grain
      description
      expression
      tableName
      tables
      timeColumn
      dimensions
      filters
      synonyms
      notes
      sql
      sqlVariants {
        name
        sql
      }
      validation
      source
      createdAt
      updatedAt
      yaml
    }
  }
`);

export const ImportMetrics = graphql(`
  mutation ImportMetrics($input: ImportMetricsInput!) {
    importMetrics(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on InvalidMetricsError {
        faults {
          file
          line
          column
          metricId
          message
        }
      }
      ... on ImportMetricsPayload {
        dryRun
        created
        updated
        unchanged
        warnings {
          file
          line
          column
          metricId
          message
        }
      }
    }
  }
`);

export const RunMetric = graphql(`
  query RunMetric(
    $id: ID!
    $variant: String
    $from: String
    $to: String
    $filters: [MetricFilterInput!]
    $limit: Int!
  ) {
    runMetric(id: $id, variant: $variant, from: $from, to: $to, filters: $filters, limit: $limit) {
      columns {
        name
        type
      }
      rows
      truncated
      rowCount
    }
  }
`);

type ImportResult = NonNullable<ResultOf<typeof ImportMetrics>['importMetrics']>;

/** What an import did. */
export type Imported = Extract<ImportResult, { __typename: 'ImportMetricsPayload' }>;

/** A fault of a file of metrics. */
export type MetricFault = Imported['warnings'][number];
