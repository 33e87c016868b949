/** Runs bodies one after the other, in the order in which they came. */
export type Mutex = <T>(body: () => Promise<T>) => Promise<T>;

export function createMutex(): Mutex {
  let tail: Promise<unknown> = Promise.resolve();
  return (body) => {
    const result = tail.then(body, body);
    tail = result.catch(() => undefined);
    return result;
  };
}
