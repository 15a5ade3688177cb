import { graphql, type ResultOf } from '../graphql.ts';

/** The answer of a statement, whole. */
export const ResultParts = graphql(`
  fragment ResultParts on SqlResult {
    columns {
      name
      type
    }
    rows
    truncated
    rowCount
    elapsedMs
    reads {
      sqlName
      version
      publishedAt
    }
  }
`);

export type Result = ResultOf<typeof ResultParts>;

/** What a table of values is made of; each row has a value for each column. */
export type ResultRows = Pick<Result, 'columns' | 'rows'>;

export type ResultColumn = Result['columns'][number];
