/** A queue with one reader: what is put before it is taken waits. */
export interface Mailbox<T> {
  put(item: T): void;
  /** Everything put before is still given out; then `take` rejects. */
  fail(error: Error): void;
  take(): Promise<T>;
}

export function createMailbox<T>(): Mailbox<T> {
  const items: T[] = [];
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  const change = (): void => {
    wake?.();
    wake = null;
  };
  return {
    put(item) {
      items.push(item);
      change();
    },
    fail(error) {
      failure ??= error;
      change();
    },
    async take() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) return item;
        if (failure !== null) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
