import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../relative-time.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { AccountQuery } from './documents.ts';

/** Who one is here. */
export function AccountSection() {
  return (
    <QueryView query={AccountQuery} variables={{}} what="Your account">
      {({ viewer }) =>
        viewer && (
          <dl className={styles.facts}>
            <dt>Name</dt>
            <dd>{viewer.name === null ? 'not told' : <bdi>{viewer.name}</bdi>}</dd>
            <dt>E-mail address</dt>
            <dd>
              <bdi>{viewer.email}</bdi>
            </dd>
            <dt>Core role</dt>
            <dd>
              {viewer.coreRole?.displayName ?? 'none'},{' '}
              <Anchor component={Link} to="/profile" hash="roles" underline="always">
                where it comes from
              </Anchor>
            </dd>
            <dt>Known here</dt>
            <dd>
              since <RelativeTime moment={viewer.createdAt} />
            </dd>
          </dl>
        )
      }
    </QueryView>
  );
}
