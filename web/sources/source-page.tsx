import { Anchor, Title, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { SectionPages } from '../person/section-pages.tsx';
import { LiveQueryView } from '../tables/live-query-view.tsx';
import { ConfigurationSection } from './configuration-section.tsx';
import { SourceQuery, type SourceDetails } from './documents.ts';
import { OfferedTables } from './offered-tables.tsx';
import { OverviewSection } from './overview-section.tsx';
import { TablesSection } from './tables-section.tsx';

/** Everything an administrator does with one source. */
export function SourcePage({ name }: { name: string }) {
  const { instance } = useSession();
  return (
    <LiveQueryView query={SourceQuery} variables={{ name }} what="The source">
      {({ source }) =>
        source ? (
          <Source source={source} />
        ) : (
          <Notice title="There is no such source" level={1}>
            <title>{`No such source · ${instance.name}`}</title>
            <p>
              It may have been deleted.{' '}
              <Anchor component={Link} to="/admin/sources" underline="always">
                Go to all sources
              </Anchor>
              .
            </p>
          </Notice>
        )
      }
    </LiveQueryView>
  );
}

function Source({ source }: { source: SourceDetails }) {
  const { instance } = useSession();
  const [announcement, setAnnouncement] = useState('');
  const { name } = source;
  return (
    <>
      <title>{`${name} · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        <bdi>{name}</bdi>
      </Title>
      <SectionPages
        label="Parts of this source"
        sections={[
          { id: 'overview', label: 'Overview', content: <OverviewSection source={source} /> },
          { id: 'tables', label: 'Tables', content: <TablesSection source={source} onDone={setAnnouncement} /> },
          {
            id: 'discover',
            label: 'Add tables',
            content: <OfferedTables source={name} onDone={setAnnouncement} />,
          },
          {
            id: 'configuration',
            label: 'Configuration',
            content: <ConfigurationSection source={source} onDone={setAnnouncement} />,
          },
        ]}
      />
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
    </>
  );
}
