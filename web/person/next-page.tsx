import { Button, Group } from '@mantine/core';

interface NextPageProps {
  size: number;
  /** Whether the first page is shown. */
  first: boolean;
  /** The cursor behind this page; null on the last. */
  next: string | null;
  onPage: (after: string | null) => void;
}

/** Leads to the next page of a list and back to its first; nothing where all stands on one page. */
export function NextPage({ size, first, next, onPage }: NextPageProps) {
  if (first && next === null) return null;
  return (
    <Group mt="md" gap="sm">
      <Button variant="default" disabled={first} onClick={() => onPage(null)}>
        First {size}
      </Button>
      <Button variant="default" disabled={next === null} onClick={() => onPage(next)}>
        Next {size}
      </Button>
    </Group>
  );
}
