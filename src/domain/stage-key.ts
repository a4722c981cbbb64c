import { hashId } from './object-id.ts';

export interface StageIdentity {
  readonly externalId?: string | null | undefined;
  readonly order?: number | null | undefined;
  readonly name: string;
}

/**
 * Gives the 24 hex digits that two sends of one stage of a build have in common: the CI's own id of the job, else
 * its place and name (Contract: buildbutler.md 6).
 */
export function stageKey({ externalId, order, name }: StageIdentity): string {
  return hashId(externalId == null ? ['place', String(order ?? ''), name] : ['id', externalId]);
}
