import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { RelativeTime } from '../relative-time.tsx';
import styles from './device-decision.module.css';
import { useDevice, type DeviceRequest } from './use-device.ts';

/** Asks for the code that a device shows, says who asks, and takes the decision. `code` is what the link brought along. */
export function DeviceDecision({ code }: { code: string }) {
  const { state, refusal, busy, find, decide } = useDevice();
  if (state.step === 'done') return <Decided approved={state.approved} name={state.request.name} />;
  const told = refusal && (
    <p className={styles.refusal} role="alert">
      {refusal}
    </p>
  );
  if (state.step === 'code') {
    return (
      <CodeForm code={code} busy={busy} onSend={(userCode) => void find(userCode)}>
        {told}
      </CodeForm>
    );
  }
  const { request } = state;
  return (
    <section className={styles.form} aria-label="Decision">
      <Asker request={request} />
      {told}
      <div className={styles.actions}>
        <Button onClick={() => void decide(request, true)} loading={busy}>
          Let it in
        </Button>
        <Button variant="default" onClick={() => void decide(request, false)} disabled={busy}>
          Deny
        </Button>
      </div>
    </section>
  );
}

interface CodeFormProps {
  code: string;
  busy: boolean;
  onSend: (userCode: string) => void;
  children: ReactNode;
}

function CodeForm({ code, busy, onSend, children }: CodeFormProps) {
  const [typed, setTyped] = useState(code);
  const [fault, setFault] = useState<string | null>(null);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const complete = typed.replaceAll(/[^a-z]/gi, '').length === 8;
    setFault(complete ? null : 'Enter all eight letters.');
    if (complete) onSend(typed);
  }

  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      <p>Enter the code that the device shows. Nothing happens before you have seen who asks.</p>
      <TextInput
        label="Code"
        name="code"
        value={typed}
        error={fault}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={20}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {children}
      <Button type="submit" loading={busy}>
        Continue
      </Button>
    </form>
  );
}

function Asker({ request }: { request: DeviceRequest }) {
  const { viewer } = useSession();
  return (
    <>
      <p>
        A device asks to act as <strong>{viewer?.email}</strong>, with everything you may read and do. Let it in only if
        you started this yourself and it shows the same code.
      </p>
      <dl className={styles.facts}>
        <dt>Code</dt>
        <dd>
          <code>{request.userCode}</code>
        </dd>
        <dt>It calls itself</dt>
        <dd>{request.name}</dd>
        <dt>Its address</dt>
        <dd>{request.address ?? 'not known'}</dd>
        <dt>It asked</dt>
        <dd>
          <RelativeTime moment={request.requestedAt} />
        </dd>
      </dl>
    </>
  );
}

function Decided({ approved, name }: { approved: boolean; name: string }) {
  return (
    <Notice title={approved ? 'The device is let in' : 'The device is not let in'}>
      <p>{approved ? `${name} goes on by itself within seconds.` : `${name} is told so.`} You can close this page.</p>
    </Notice>
  );
}
