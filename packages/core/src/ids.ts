/** Branded identifiers. All are UUIDv7 strings (RFC 9562): sortable by creation time. */
type Id<Kind extends string> = string & { readonly __brand: Kind };
export type OwnerId = Id<"Owner">;
export type ThreadId = Id<"Thread">;
export type RunId = Id<"Run">;
export type TurnId = Id<"Turn">;
export type ApprovalId = Id<"Approval">;
export type IntentId = Id<"Intent">;
export type ServerId = Id<"Server">;

/** Mints one fresh UUIDv7. */
export type NewId = <T extends Id<string>>() => T;

/** `random(n)` returns n random bytes; injected so that tests are repeatable. */
export function createIds(now: () => number, random: (bytes: number) => Uint8Array): NewId {
  let lastMs = 0;
  let counter = 0;
  return <T extends Id<string>>(): T => {
    // A counter in rand_a keeps ids of one process in order within a millisecond (RFC 9562 section 6.2, method 1).
    const ms = Math.max(now(), lastMs);
    counter = ms === lastMs ? counter + 1 : 0;
    if (counter > 0xfff) {
      lastMs = ms + 1;
      counter = 0;
    } else {
      lastMs = ms;
    }
    const tail = random(8);
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
    const hex = Buffer.from(tail).toString("hex");
    const time = lastMs.toString(16).padStart(12, "0");
    const high = (0x7000 | counter).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-${high}-${hex.slice(0, 4)}-${hex.slice(4)}` as T;
  };
}
