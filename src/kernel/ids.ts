import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A new primary key: a hyphenated UUID (RFC 9562, version 4). */
export function newId(): string {
  return randomUUID();
}

/** 256 random bits as base64url, for tokens, sessions and one-time secrets. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Lower-case hex SHA-256 of a text or of bytes. */
export function sha256(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}
