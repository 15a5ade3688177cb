import styles from '../form.module.css';

/** Why the server refused, read out at once; nothing when it did not. */
export function RefusalText({ message }: { message: string | null | undefined }) {
  if (!message) return null;
  return (
    <p className={styles.refusal} role="alert">
      {message}
    </p>
  );
}
