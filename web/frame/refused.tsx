import { Notice } from '../notice.tsx';
import type { RootField } from '../graphql.ts';
import { AskForRole } from './ask-for-role.tsx';
import { useSession } from './session.ts';

/** Stands in for a page that this person may not use, which then asks the server for nothing. */
export function Refused({ needs }: { needs: RootField }) {
  const { instance, ruleOf } = useSession();
  const rule = ruleOf(needs);
  return (
    <Notice title="You may not see this page" level={1} tone="bad">
      <title>{`Not for you · ${instance.name}`}</title>
      {rule?.roles.length ? (
        <>
          <p>
            It needs the role <strong>{rule.rule}</strong>, which you do not have. An administrator can grant it to you.
          </p>
          <AskForRole role={rule.rule} />
        </>
      ) : (
        <p>It needs somebody who signed in at a browser.</p>
      )}
    </Notice>
  );
}
