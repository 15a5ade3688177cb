import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { PlusIcon } from '../icons.tsx';
import { Notice } from '../notice.tsx';
import { NextPage } from '../person/next-page.tsx';
import { QueryView } from '../query-view.tsx';
import { SearchField } from '../tables/search-field.tsx';
import { AddUser } from './add-user.tsx';
import { UsersQuery } from './documents.ts';
import { UserList } from './user-list.tsx';

const usersPerPage = 50;

export const userSorts = ['EMAIL', 'CREATED', 'LAST_SEEN'] as const;

/** What the address says of the list. */
export interface UserListPlace {
  search: string;
  sort: (typeof userSorts)[number];
  /** The cursor behind which the page begins; null: the first page. */
  after: string | null;
}

const sortNames: Record<UserListPlace['sort'], string> = {
  EMAIL: 'By e-mail address',
  CREATED: 'The newest first',
  LAST_SEEN: 'Here last first',
};

interface UserBrowserProps {
  place: UserListPlace;
  onPlace: (place: UserListPlace) => void;
}

/** Everybody we know, searched, in the order asked for, page by page; new people are added here. */
export function UserBrowser({ place, onPlace }: UserBrowserProps) {
  const { search, sort, after } = place;
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Group mb="md" gap="md" align="center">
        <SearchField
          label="Search users"
          value={search}
          onSearch={(text) => onPlace({ ...place, search: text, after: null })}
        />
        <NativeSelect
          aria-label="Order"
          value={sort}
          data={userSorts.map((value) => ({ value, label: sortNames[value] }))}
          onChange={(event) => {
            const chosen = userSorts.find((value) => value === event.currentTarget.value);
            if (chosen) onPlace({ ...place, sort: chosen, after: null });
          }}
        />
        <Button ml="auto" leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
          Add somebody
        </Button>
      </Group>
      <QueryView
        query={UsersQuery}
        variables={{ first: usersPerPage, after, search: search === '' ? null : search, sort }}
        what="The users"
      >
        {({ users }) =>
          users && (
            <>
              {users.edges.length === 0 ? (
                <Notice title="Nobody found">
                  <p>
                    {search === ''
                      ? 'There is nobody on this page.'
                      : 'No e-mail address and no name contains what you search for.'}
                  </p>
                </Notice>
              ) : (
                <UserList users={users.edges.map(({ node }) => node)} />
              )}
              <NextPage
                size={usersPerPage}
                first={after === null}
                next={users.pageInfo.hasNextPage ? users.pageInfo.endCursor : null}
                onPage={(cursor) => onPlace({ ...place, after: cursor })}
              />
            </>
          )
        }
      </QueryView>
      <Dialog title="Add somebody" opened={adding} onClose={() => setAdding(false)}>
        {adding && <AddUser onClose={() => setAdding(false)} />}
      </Dialog>
    </>
  );
}
