import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 20;
const HINT_LENGTH = 4;

/** Gives a new secret: 40 lower-case hex digits, 160 random bits. */
export function createSecret(): string {
  return randomBytes(SECRET_BYTES).toString('hex');
}

/**
 * Gives what is stored of a secret: its SHA-256, 32 bytes. A plain hash is enough, since a secret of
 * 160 random bits cannot be guessed; a slow one would cost every request.
 */
export function hashSecret(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(secret, 'utf8').digest());
}

/** Gives the last four characters of a secret, by which people tell keys apart. */
export function hintOfSecret(secret: string): string {
  return secret.slice(-HINT_LENGTH);
}
