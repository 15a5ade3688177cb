import type { ReactNode } from 'react';

/** An icon is a picture beside words: it takes the colour of the text and is hidden from screen readers. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="1.15em"
      height="1.15em"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function TableIcon() {
  return (
    <Icon>
      <rect x="3" y="4" width="18" height="16" rx="2" />
      <path d="M3 10h18M10 10v10" />
    </Icon>
  );
}

export function CodeIcon() {
  return (
    <Icon>
      <path d="m8 7-5 5 5 5M16 7l5 5-5 5" />
    </Icon>
  );
}

export function SearchIcon() {
  return (
    <Icon>
      <circle cx="11" cy="11" r="6.500" />
      <path d="m16 16 4.500 4.500" />
    </Icon>
  );
}

export function ChevronIcon() {
  return (
    <Icon>
      <path d="m9 6 6 6-6 6" />
    </Icon>
  );
}

export function SunIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1 1M17.400 17.400l1 1M5.600 18.400l1-1M17.400 6.600l1-1" />
    </Icon>
  );
}

export function MoonIcon() {
  return (
    <Icon>
      <path d="M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500Z" />
    </Icon>
  );
}

export function SyncIcon() {
  return (
    <Icon>
      <path d="M20 11a8 8 0 0 0-14.300-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14.300 4l1.700-2M20 20v-5h-5" />
    </Icon>
  );
}

export function DoneIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="m8.500 12 2.500 2.500 4.500-5" />
    </Icon>
  );
}

export function FailedIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 7.500v5.500M12 16.500v.010" />
    </Icon>
  );
}

export function NeverIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="M8.500 12h7" />
    </Icon>
  );
}

export function RolesIcon() {
  return (
    <Icon>
      <path d="M12 3 5 6v5c0 4.500 3 8 7 10 4-2 7-5.500 7-10V6l-7-3Z" />
    </Icon>
  );
}

export function GroupIcon() {
  return (
    <Icon>
      <circle cx="9" cy="8" r="3.500" />
      <path d="M2.500 20c0-3.500 3-6 6.500-6s6.500 2.500 6.500 6M16 4.800a3.500 3.500 0 0 1 0 6.400M18.500 14.800c1.900 1 3 2.900 3 5.200" />
    </Icon>
  );
}

export function PersonIcon() {
  return (
    <Icon>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.500 20.500c0-4 3.500-6.500 7.500-6.500s7.500 2.500 7.500 6.500" />
    </Icon>
  );
}

export function PeopleIcon() {
  return (
    <Icon>
      <rect x="3" y="4.500" width="18" height="15" rx="2" />
      <circle cx="9" cy="10.500" r="2" />
      <path d="M5.500 16.500c0-2 1.500-3 3.500-3s3.500 1 3.500 3M15.500 10h3M15.500 14h3" />
    </Icon>
  );
}

export function PlusIcon() {
  return (
    <Icon>
      <path d="M12 5v14M5 12h14" />
    </Icon>
  );
}

export function SetupIcon() {
  return (
    <Icon>
      <path d="m4 6 1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6h8M12 12h8M12 18h8" />
    </Icon>
  );
}

export function HomeIcon() {
  return (
    <Icon>
      <path d="m3.500 11 8.500-7 8.500 7M6 9.500V20h12V9.500M10 20v-5.500h4V20" />
    </Icon>
  );
}

export function MetricIcon() {
  return (
    <Icon>
      <path d="M4 20h16M7 16v-5M12 16V6M17 16v-8" />
    </Icon>
  );
}

export function StatementIcon() {
  return (
    <Icon>
      <rect x="3" y="4" width="18" height="16" rx="2" />
      <path d="m7 9 3 3-3 3M12.500 15.500h4" />
    </Icon>
  );
}

export function SourceIcon() {
  return (
    <Icon>
      <ellipse cx="12" cy="6" rx="7.500" ry="3" />
      <path d="M4.500 6v12c0 1.700 3.400 3 7.500 3s7.500-1.300 7.500-3V6M4.500 12c0 1.700 3.400 3 7.500 3s7.500-1.300 7.500-3" />
    </Icon>
  );
}

export function RunsIcon() {
  return (
    <Icon>
      <path d="M3.500 12a8.500 8.500 0 1 0 2.500-6L3.500 8.500M3.500 4v4.500H8M12 7.500V12l3 2" />
    </Icon>
  );
}

export function WaitingIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 7v5l3 2" />
    </Icon>
  );
}

export function KeyIcon() {
  return (
    <Icon>
      <circle cx="8" cy="15.500" r="4.500" />
      <path d="m11.500 12 8.500-8.500M16 7.500l3 3M13.500 10l2 2" />
    </Icon>
  );
}

export function InboxIcon() {
  return (
    <Icon>
      <path d="M3 13.500 6 5h12l3 8.500V19a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5.500Z" />
      <path d="M3 13.500h5.500c0 2 1.500 3 3.500 3s3.500-1 3.500-3H21" />
    </Icon>
  );
}

export function MatrixIcon() {
  return (
    <Icon>
      <rect x="3" y="3.500" width="18" height="17" rx="2" />
      <path d="M3 9h18M9 9v11.500M12.500 14.500l1.500 1.500 3-3" />
    </Icon>
  );
}

export function AuditIcon() {
  return (
    <Icon>
      <path d="M6 3h9l4 4v14H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z" />
      <path d="M9 9h6M9 13h6M9 17h3.500" />
    </Icon>
  );
}

export function InstanceIcon() {
  return (
    <Icon>
      <rect x="3.500" y="4" width="17" height="7" rx="1.500" />
      <rect x="3.500" y="13" width="17" height="7" rx="1.500" />
      <path d="M7.500 7.500h.01M7.500 16.500h.01M11.500 7.500h5M11.500 16.500h5" />
    </Icon>
  );
}
