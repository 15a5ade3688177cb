import { Link } from '@tanstack/react-router';
import { SignOutButton } from '../sign-in/sign-out-button.tsx';
import { ColorSchemeToggle } from './color-scheme-toggle.tsx';
import styles from './frame.module.css';
import { PaletteButton } from './palette-button.tsx';
import { useSession } from './session.ts';

/** Which instance this is, who looks at it, and with which core role. */
export function Header() {
  const { instance, viewer } = useSession();
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.instance} title={`Version ${instance.version}`}>
        <img src="/favicon.svg" alt="" width="24" height="24" />
        <bdi>{instance.name}</bdi>
      </Link>
      {viewer && <PaletteButton />}
      <div className={styles.person}>
        {viewer && (
          <>
            <bdi className={styles.email} title={viewer.email}>
              {viewer.email}
            </bdi>
            <span className={styles.role} title={viewer.coreRole?.key}>
              {viewer.coreRole?.displayName ?? 'No core role'}
            </span>
          </>
        )}
      </div>
      {viewer?.credential.kind === 'SESSION' && <SignOutButton />}
      <ColorSchemeToggle />
    </header>
  );
}

/** Says on every page that this server asks nobody who they are. */
export function DevelopmentBanner() {
  const { instance, viewer } = useSession();
  if (!instance.developmentMode) return null;
  return (
    <aside className={styles.banner} aria-label="Development mode">
      Development sign-in: everybody who opens this page is <strong>{viewer?.email ?? 'the development user'}</strong>.
    </aside>
  );
}
