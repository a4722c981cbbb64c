import type { Readable } from 'node:stream';

/** Keeps bytes under keys. (Placeholder of the lead, to be replaced by the owner of this room.) */
export interface BlobStore {
  putFile(key: string, path: string): Promise<void>;
  read(key: string): Promise<Readable>;
  remove(key: string): Promise<void>;
}
