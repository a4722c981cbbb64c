import { Repeater, SlidingBuffer } from '@repeaterjs/repeater';
import type { Listener } from '../db/listen.ts';
import { type BuildChange, buildsChannel } from '../ingest/notify-build.ts';

/** Changes of builds as they are committed, by any gateway on this database. */
export interface BuildEvents {
  /**
   * Changes in one repository of one organization, until the reader stops or may no longer read. A
   * reader who is more than 256 changes behind misses the oldest of them.
   */
  inRepository(
    organizationId: string,
    repositoryId: string,
    mayRead: () => Promise<boolean>,
  ): AsyncIterableIterator<BuildChange>;
}

const bufferedChanges = 256;

/** Makes the source of build events from what Postgres announces. */
export function createBuildEvents(listener: Listener): BuildEvents {
  return {
    inRepository: (organizationId, repositoryId, mayRead) =>
      new Repeater<BuildChange>(async (push, stop) => {
        const unsubscribe = listener.subscribe(buildsChannel, (payload) => {
          const change = JSON.parse(payload) as BuildChange; // written by notifyBuild
          if (change.organizationId !== organizationId) return;
          if (change.repositoryId !== repositoryId) return;
          mayRead().then(async (allowed) => {
            if (allowed) await push(change);
            else stop();
          }, stop);
        });
        await stop;
        unsubscribe();
      }, new SlidingBuffer(bufferedChanges)),
  };
}
