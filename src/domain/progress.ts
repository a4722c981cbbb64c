/**
 * How far a build or a stage has come: 0 waits, 1 runs, 2 has ended, whatever the end. Of two messages
 * about one attempt the one that has come further is the later one, in whatever order they arrive.
 */
export function progressOf(status: string): number {
  if (status === 'QUEUED') return 0;
  return status === 'IN_PROGRESS' ? 1 : 2;
}
