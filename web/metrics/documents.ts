import { graphql, type ResultOf } from '../graphql.ts';
import { ResultParts } from '../results/documents.ts';

export const MetricsQuery = graphql(`
  query Metrics($first: Int!, $after: String, $category: String, $search: String) {
    metrics(first: $first, after: $after, category: $category, search: $search) {
      edges {
        node {
          id
          category
          name
          displayName
          description
          type
          unit
          grain
        }
      }
      totalCount
      categories
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MetricQuery = graphql(`
  query Metric($id: ID!) {
    metric(id: $id) {
      id
      category
      name
      displayName
      description
      type
      unit
      grain
      expression
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
      reads {
        name
        table {
          id
          sqlName
        }
      }
      updatedAt
    }
  }
`);

export const RunMetricQuery = graphql(
  `
    query RunMetric(
      $id: ID!
      $variant: String
      $from: String
      $to: String
      $filters: [MetricFilterInput!]
      $limit: Int!
    ) {
      runMetric(id: $id, variant: $variant, from: $from, to: $to, filters: $filters, limit: $limit) {
        ...ResultParts
      }
    }
  `,
  [ResultParts],
);

export type MetricSummary = NonNullable<ResultOf<typeof MetricsQuery>['metrics']>['edges'][number]['node'];

export type MetricFacts = NonNullable<ResultOf<typeof MetricQuery>['metric']>;
