import { Fragment } from 'react';

/** The names of roles, with commas between; `none` where there is none. */
export function RoleNames({ roles }: { roles: readonly { key: string; displayName: string }[] }) {
  if (roles.length === 0) return <>none</>;
  return roles.map(({ key, displayName }, index) => (
    <Fragment key={key}>
      {index > 0 && ', '}
      <bdi title={key}>{displayName}</bdi>
    </Fragment>
  ));
}
