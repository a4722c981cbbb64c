/** Postgres channel that carries the id of each key that was revoked. */
export const KEYS_CHANNEL = 'buildatlas_keys';
