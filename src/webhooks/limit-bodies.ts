import pLimit, { type LimitFunction } from 'p-limit';

const smallBytes = 1024 * 1024;

/** Bodies in memory at once: of all, and of those that come to the address of one source. */
const most = { small: { inAll: 64, ofOne: 16 }, large: { inAll: 4, ofOne: 2 } } as const;

/** Runs what holds the body of a request in memory, when it is its turn. */
export type TakeTurn = <Result>(
  request: Pick<Request, 'headers'>,
  sourceId: string | undefined,
  work: () => Promise<Result>,
) => Promise<Result>;

/**
 * Makes the queues of a door. A large body, or one that does not say its size, holds up none but others like it. Whoever
 * knows the address of a source alone, and sends slowly what turns out to be signed by nobody, holds up that source.
 */
export function createTurns(): TakeTurn {
  const ofAll = { small: pLimit(most.small.inAll), large: pLimit(most.large.inAll) };
  const ofSources = new Map<string, LimitFunction>();
  return async ({ headers }, sourceId, work) => {
    const kind = kindOf(headers);
    const inTurn = () => ofAll[kind](work);
    if (sourceId === undefined) return inTurn();

    const key = `${kind} ${sourceId}`;
    const ofOne = ofSources.get(key) ?? pLimit(most[kind].ofOne);
    ofSources.set(key, ofOne);
    try {
      return await ofOne(inTurn);
    } finally {
      if (ofOne.activeCount + ofOne.pendingCount === 0) ofSources.delete(key);
    }
  };
}

function kindOf(headers: Headers): keyof typeof most {
  const said = headers.get('content-length');
  return said !== null && Number(said) <= smallBytes ? 'small' : 'large';
}
