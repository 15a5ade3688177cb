import type { Services } from '../operation/services.ts';

/** What a table grant covers; a bucket and a source with every table that will ever be registered in them. */
export type GrantScope =
  | { readonly kind: 'table'; readonly tableId: string }
  | { readonly kind: 'bucket'; readonly sourceId: string; readonly bucket: string }
  | { readonly kind: 'source'; readonly sourceId: string };

/** A text that is equal for equal scopes and for no others. */
export function scopeKey(scope: GrantScope): string {
  switch (scope.kind) {
    case 'table':
      return `table:${scope.tableId}`;
    case 'bucket':
      return `bucket:${scope.sourceId}:${scope.bucket}`;
    case 'source':
      return `source:${scope.sourceId}`;
  }
}

/** The keys of all scopes that cover this table, the narrowest first. */
export function scopeKeysOf(table: { id: string; sourceId: string; bucket: string | null }): readonly string[] {
  const { id, sourceId, bucket } = table;
  const ofBucket = bucket === null ? [] : [scopeKey({ kind: 'bucket', sourceId, bucket })];
  return [scopeKey({ kind: 'table', tableId: id }), ...ofBucket, scopeKey({ kind: 'source', sourceId })];
}

/** The scope in words for a sentence, such as `shop.orders` or `the bucket crm of the source shop`. */
export function describeScope({ registry }: Pick<Services, 'registry'>, scope: GrantScope): string {
  if (scope.kind === 'table') return registry.table(scope.tableId)?.sqlName ?? 'a table that is gone';
  const source = `the source ${registry.source(scope.sourceId)?.name ?? 'that is gone'}`;
  return scope.kind === 'source' ? source : `the bucket ${JSON.stringify(scope.bucket)} of ${source}`;
}

/** What an audit row about the scope is about. */
export function auditedResource(scope: GrantScope): string {
  return scope.kind === 'table' ? `table:${scope.tableId}` : `source:${scope.sourceId}`;
}
