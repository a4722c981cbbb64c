import { Repeater, SlidingBuffer } from '@repeaterjs/repeater';
import type { Listener } from '../db/listen.ts';
import { type FlakyTestChange, flakyTestsChannel } from '../db/notify-flaky-test.ts';
import { type BuildChange, buildsChannel } from '../ingest/notify-build.ts';

/** Whose changes a reader hears of. */
export interface Hearer {
  readonly organizationId: string;
  /** Only those of this repository; null: of all. */
  readonly repositoryId: string | null;
  /** Asked before each change: whether the reader may still hear of it. */
  readonly mayRead: () => Promise<boolean>;
}

/**
 * Changes as they are committed, by any gateway on this database, until the reader stops or may no longer read. A
 * reader who is more than 256 changes behind misses the oldest of them.
 */
export interface Events {
  readonly builds: (hearer: Hearer) => AsyncIterableIterator<BuildChange>;
  readonly flakyTests: (hearer: Hearer) => AsyncIterableIterator<FlakyTestChange>;
}

const bufferedChanges = 256;

/** The channels that events come from. */
export const eventChannels = [buildsChannel, flakyTestsChannel] as const;

/** Makes the source of events from what Postgres announces. */
export function createEvents(listener: Listener): Events {
  return {
    builds: (hearer) => changes<BuildChange>(listener, buildsChannel, hearer),
    flakyTests: (hearer) => changes<FlakyTestChange>(listener, flakyTestsChannel, hearer),
  };
}

function changes<Change extends Pick<BuildChange, 'organizationId' | 'repositoryId'>>(
  listener: Listener,
  channel: (typeof eventChannels)[number],
  { organizationId, repositoryId, mayRead }: Hearer,
): AsyncIterableIterator<Change> {
  return new Repeater<Change>(async (push, stop) => {
    const unsubscribe = listener.subscribe(channel, (payload) => {
      const change = JSON.parse(payload) as Change; // written by notifyBuild or notifyFlakyTests
      if (change.organizationId !== organizationId) return;
      if (repositoryId !== null && change.repositoryId !== repositoryId) return;
      mayRead().then(async (allowed) => {
        if (allowed) await push(change);
        else stop();
      }, stop);
    });
    await stop;
    unsubscribe();
  }, new SlidingBuffer(bufferedChanges));
}
