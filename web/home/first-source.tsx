import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { Notice } from '../notice.tsx';
import { FirstSourceQuery } from './documents.ts';
import styles from './home.module.css';

/** Leads an administrator to the setup as long as there is no source. */
export function FirstSource() {
  const [{ data }] = useQuery({ query: FirstSourceQuery, requestPolicy: 'cache-and-network' });
  if (data?.sources?.length !== 0) return null;
  return (
    <div className={styles.whole}>
      <Notice title="There is no source yet">
        <p>
          The{' '}
          <Anchor component={Link} to="/setup/guide" underline="always">
            setup
          </Anchor>{' '}
          connects one, registers its tables and brings their rows, step by step.
        </p>
      </Notice>
    </div>
  );
}
