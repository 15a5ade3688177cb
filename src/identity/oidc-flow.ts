import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

const lifetimeMilliseconds = 10 * 60_000;
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** For how long a browser keeps a flow. */
export const flowLifetimeSeconds: number = lifetimeMilliseconds / 1000;

const flowShape = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  expiresAt: z.number(),
});

/** A sign-in that was begun and not yet ended. */
export type OidcFlow = Omit<z.infer<typeof flowShape>, 'expiresAt'>;

/**
 * Keeps flows with the browsers that began them, as a value that nobody else can read or make. The key lives as long as
 * the process: a sign-in that a restart cuts off is begun anew.
 */
export class FlowSeal {
  readonly #key = randomBytes(32);

  /** The flow as a cookie's value, good for ten minutes from `now`. */
  seal(flow: OidcFlow, now: Date): string {
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#key, nonce);
    const text = JSON.stringify({ ...flow, expiresAt: now.getTime() + lifetimeMilliseconds });
    const sealed = [sealing.update(text, 'utf8'), sealing.final()];
    return Buffer.concat([nonce, ...sealed, sealing.getAuthTag()]).toString('base64url');
  }

  /** The flow; null when the value is not ours, was changed, or is too old. */
  open(value: string, now: Date): OidcFlow | null {
    const bytes = Buffer.from(value, 'base64url');
    if (bytes.length <= nonceBytes + tagBytes) return null;
    try {
      const opening = createDecipheriv(cipher, this.#key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      opening.setAuthTag(bytes.subarray(-tagBytes));
      const text = [opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()];
      const { expiresAt, ...flow } = flowShape.parse(JSON.parse(Buffer.concat(text).toString('utf8')));
      return expiresAt > now.getTime() ? flow : null;
    } catch {
      return null;
    }
  }
}
