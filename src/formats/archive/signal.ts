/** Wakes one waiter. A signal that is raised while nobody waits is not lost. */
export interface Signal {
  readonly raise: () => void;
  wait(): Promise<void>;
}

/** Makes a signal that is not raised. */
export function createSignal(): Signal {
  let isRaised = false;
  let wake = (): void => undefined;

  return {
    raise() {
      isRaised = true;
      wake();
    },
    async wait() {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isRaised) resolve();
      });
      isRaised = false;
    },
  };
}
