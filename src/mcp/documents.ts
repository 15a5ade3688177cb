import { graphql } from './graphql.ts';

export const McpTables = graphql(`
  query McpTables($search: String, $after: String) {
    tables(search: $search, first: 500, after: $after) {
      edges {
        node {
          sqlName
          alias
          description
          queryMode
          version
          columns {
            name
            type
            description
          }
          syncState {
            rows
            lastSync
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

export const McpTable = graphql(`
  query McpTable($sqlName: String!) {
    table(sqlName: $sqlName) {
      sqlName
      alias
      description
      queryMode
      version
      columns {
        name
        type
        description
      }
      syncState {
        rows
        lastSync
      }
    }
  }
`);

export const McpAccess = graphql(`
  query McpAccess($sqlName: String!) {
    table(sqlName: $sqlName) {
      sqlName
      viewerAccess {
        effect
        kind
        role {
          role {
            key
          }
        }
        expiresAt
      }
    }
  }
`);

export const McpMetrics = graphql(`
  query McpMetrics($category: String, $after: String) {
    metrics(category: $category, first: 500, after: $after) {
      edges {
        node {
          category
          name
          displayName
          description
          unit
          tableName
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const McpMetric = graphql(`
  query McpMetric($id: ID!) {
    metric(id: $id) {
      category
      name
      displayName
      description
      unit
      tableName
      type
      grain
      expression
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
    }
  }
`);

export const McpRunMetric = graphql(`
  query McpRunMetric(
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
      reads {
        sqlName
        version
        publishedAt
      }
    }
  }
`);

export const McpSql = graphql(`
  query McpSql($statement: String!, $limit: Int!) {
    sql(statement: $statement, limit: $limit) {
      columns {
        name
        type
      }
      rows
      truncated
      reads {
        sqlName
        version
        publishedAt
      }
    }
  }
`);
