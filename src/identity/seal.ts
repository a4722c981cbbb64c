import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const version = 1;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + ivBytes + tagBytes;

/** Keeps secrets that are needed in clear again, such as those that webhooks are signed with. */
export interface SecretBox {
  /** Gives what may be stored. `purpose` says what the secret is of: it opens for nothing else. */
  readonly seal: (secret: string, purpose: string) => Buffer<ArrayBuffer>;
  /** @throws {SealedError} when it was sealed with another key, for another purpose, or is damaged */
  readonly open: (sealed: Uint8Array, purpose: string) => string;
}

/** What is stored cannot be opened with the key that this gateway has. */
export class SealedError extends Error {
  override readonly name = 'SealedError';

  constructor(cause?: unknown) {
    super(
      'A stored secret cannot be opened with the key of this gateway. Start it with the SECRET_KEY, or the file ' +
        'secret-key in DATA_DIR, that it was stored with (the same for all gateways on one database); where that key ' +
        'is lost, revoke the webhook source and make another one.',
      { cause },
    );
  }
}

/**
 * Seals with AES-256-GCM.
 *
 * @param key gives 32 bytes; asked for when it is first needed
 */
export function createSecretBox(key: () => Uint8Array): SecretBox {
  return {
    seal: (secret, purpose) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key(), iv).setAAD(Buffer.from(purpose));
      const content = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), content]);
    },
    open: (sealed, purpose) => {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== version || bytes.length < headBytes) throw new SealedError();
      const iv = bytes.subarray(1, 1 + ivBytes);
      const decipher = createDecipheriv('aes-256-gcm', key(), iv)
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(1 + ivBytes, headBytes));
      try {
        const content = decipher.update(bytes.subarray(headBytes));
        return Buffer.concat([content, decipher.final()]).toString('utf8');
      } catch (error) {
        throw new SealedError(error);
      }
    },
  };
}
