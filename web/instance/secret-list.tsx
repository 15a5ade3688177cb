import person from '../person/person.module.css';
import type { Secret } from './documents.ts';

/** The names of secrets, whether each is set and by what; their values are told nowhere. */
export function SecretList({ secrets }: { secrets: readonly Secret[] }) {
  if (secrets.length === 0) return <p className={person.introduction}>No provider and no connector needs one.</p>;
  return (
    <ul className={person.rows} aria-label="Secrets">
      {secrets.map(({ name, isSet, fixedByEnvironment, neededBy }) => (
        <li key={name} data-secret={name}>
          <div className={person.what}>
            <code className={person.name} title={name}>
              {name}
            </code>
          </div>
          <div className={person.ways}>
            {isSet ? 'set' : 'not set'}
            {isSet && (fixedByEnvironment ? ', by the environment' : ', here')}
            {neededBy.length > 0 && (
              <>
                ; needed by <bdi>{neededBy.join(', ')}</bdi>
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
