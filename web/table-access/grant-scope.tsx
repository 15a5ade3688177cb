import type { TableGrant } from './documents.ts';

/** What a grant is on, in words. */
export function GrantScope({ grant: { source, bucket } }: { grant: Pick<TableGrant, 'source' | 'bucket'> }) {
  if (!source) return <>the table</>;
  return (
    <>
      {bucket !== null && (
        <>
          the bucket <bdi>{bucket}</bdi> of{' '}
        </>
      )}
      the source <bdi>{source.name}</bdi>
    </>
  );
}
