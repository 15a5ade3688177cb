import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { SectionPages } from '../person/section-pages.tsx';
import { AccountSection } from './account-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { RolesSection } from './roles-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TablesSection } from './tables-section.tsx';
import { TokensSection } from './tokens-section.tsx';

/** Who one is here, what one may, and by what one comes in; all that can be ended or changed oneself. */
export function Profile() {
  const [announcement, setAnnouncement] = useState('');
  return (
    <>
      <SectionPages
        label="Parts of your profile"
        sections={[
          { id: 'account', label: 'Account', content: <AccountSection /> },
          { id: 'roles', label: 'Roles and groups', content: <RolesSection /> },
          { id: 'tables', label: 'Tables', content: <TablesSection /> },
          { id: 'sessions', label: 'Sessions', content: <SessionsSection onDone={setAnnouncement} /> },
          { id: 'devices', label: 'Devices', content: <DevicesSection onDone={setAnnouncement} /> },
          { id: 'password', label: 'Password', content: <PasswordSection /> },
          { id: 'tokens', label: 'Tokens', content: <TokensSection onDone={setAnnouncement} /> },
        ]}
      />
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
    </>
  );
}
