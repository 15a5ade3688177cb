import { Anchor, Loader, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { tellResync } from '../data/connection.ts';
import { FailureNotice, Notice } from '../notice.tsx';
import { SetupGuideQuery, type StepName } from './documents.ts';
import { GuideStep } from './guide-step.tsx';
import { NameStep } from './name-step.tsx';
import styles from './setup-guide.module.css';
import { SignInStep } from './sign-in-step.tsx';
import { SourceStep } from './source-step.tsx';
import { SyncStep } from './sync-step.tsx';
import { TablesStep } from './tables-step.tsx';

const titles: Readonly<Record<StepName, string>> = {
  NAME: 'Name and domains',
  SIGN_IN: 'Sign-in',
  SOURCE: 'First source',
  TABLES: 'First tables',
  SYNC: 'First sync',
};

/** The steps from an empty instance to a table with rows; what is done shows as done, and each step can be left for later. */
export function SetupGuide() {
  const [{ data, error }, refetch] = useQuery({ query: SetupGuideQuery });
  const [chosen, setChosen] = useState<StepName | 'none' | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const { setup, configuration, secrets } = data?.instance ?? {};
  if (error && !setup) {
    const retry = () => refetch({ requestPolicy: 'network-only' });
    return <FailureNotice error={error} what="The setup" retry={retry} />;
  }
  if (!setup || !configuration || !secrets || !data?.connectors || !data.sources) {
    return <Loader size="sm" aria-label="Loading the setup" role="status" />;
  }
  const { connectors, sources } = data;
  const { steps, complete } = setup;
  const open = chosen ?? steps.find(({ done }) => !done)?.step ?? 'none';

  function done(said: string): void {
    setAnnouncement(said);
    tellResync();
  }

  const bodies: Readonly<Record<StepName, ReactNode>> = {
    NAME: <NameStep configuration={configuration} onDone={done} />,
    SIGN_IN: <SignInStep configuration={configuration} secrets={secrets} onDone={done} />,
    SOURCE: <SourceStep connectors={connectors} secrets={secrets} sources={sources} onDone={done} />,
    TABLES: <TablesStep sources={sources} onDone={done} />,
    SYNC: <SyncStep sources={sources} onDone={done} />,
  };
  return (
    <>
      {complete && (
        <Notice title="This instance is set up">
          <p>
            It has a name, a source and a table with rows.{' '}
            <Anchor component={Link} to="/tables" underline="always">
              Go to the tables
            </Anchor>
            . You can come back to this page at any time.
          </p>
        </Notice>
      )}
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      <ol className={styles.steps}>
        {steps.map(({ step, done: isDone, todo }, place) => (
          <GuideStep
            key={step}
            number={place + 1}
            title={titles[step]}
            done={isDone}
            todo={todo}
            open={open === step}
            onToggle={() => setChosen(open === step ? 'none' : step)}
            onNext={steps[place + 1] && (() => setChosen(steps[place + 1]!.step))}
          >
            {bodies[step]}
          </GuideStep>
        ))}
      </ol>
    </>
  );
}
