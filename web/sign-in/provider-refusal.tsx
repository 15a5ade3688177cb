import styles from '../form.module.css';

const again = 'Try again in a moment; if it stays so, tell the administrator of this instance.';

const sentences = new Map([
  ['unknown-provider', 'This way to sign in is not open here any more. Choose another.'],
  ['provider-unavailable', `The sign-in provider cannot be reached. ${again}`],
  ['provider-refused', `The sign-in provider refused the request. ${again}`],
  ['provider-answer-invalid', `The answer of the sign-in provider did not pass a check. ${again}`],
  ['cancelled', 'The sign-in was cancelled at the provider.'],
  ['expired', 'This sign-in was not begun in this browser, or it took too long. Begin it again.'],
  ['too-many-attempts', 'Too many sign-ins from here failed. Wait some minutes, then try again.'],
  ['email-missing', 'The sign-in provider did not tell your e-mail address, which is needed here.'],
  ['email-not-verified', 'The sign-in provider has not verified your e-mail address. Verify it there, then try again.'],
  ['domain-not-allowed', 'People of your e-mail domain are not let in here. Ask the administrator of this instance.'],
  ['other-identity', 'Your e-mail address belongs here to another account of this provider. Ask the administrator.'],
  ['inactive', 'Your account here is not active. Ask the administrator of this instance.'],
]);

/** Why the sign-in by a provider, from which the browser came back just now, came to nothing. */
export function ProviderRefusal() {
  const code = new URLSearchParams(location.search).get('signInError');
  if (code === null) return null;
  return (
    <p className={styles.refusal} role="alert">
      {sentences.get(code) ?? 'The sign-in came to nothing. Try again.'}
    </p>
  );
}
