import { Button, Group, Text } from '@mantine/core';

const size = 50;

/** What of a list stands on this page, counted from 0. */
export function pageOf<Item>(items: readonly Item[], page: number): readonly Item[] {
  return items.slice(page * size, (page + 1) * size);
}

interface LocalPagesProps {
  count: number;
  page: number;
  onPage: (page: number) => void;
}

/** Leads through the pages of a list that is here as a whole; nothing where all stands on one page. */
export function LocalPages({ count, page, onPage }: LocalPagesProps) {
  const pages = Math.ceil(count / size);
  if (pages <= 1) return null;
  return (
    <Group gap="sm" mt="md">
      <Button variant="default" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Previous {size}
      </Button>
      <Button variant="default" disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        Next {size}
      </Button>
      <Text size="sm" c="dimmed" span>
        Page {page + 1} of {pages}
      </Text>
    </Group>
  );
}
