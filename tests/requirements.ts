/** A promise that tests cite with `verifies("id")`. `pnpm requirements` holds the two together. */
export interface Requirement {
  /** Where the promise comes from: a specification's URL and section, or a page of `docs/`. */
  readonly source: string;
  /** One sentence that can be true or false. */
  readonly behavior: string;
  /**
   * An edit that disables the promise. Applied by `pnpm requirements --breaks`, it must turn a citing test red;
   * money and security requirements always carry one.
   */
  readonly break?: {
    readonly file: string;
    /** Occurs exactly once in the file. */
    readonly find: string;
    readonly replace: string;
  };
}

export function defineRequirements<const T extends Record<string, Requirement>>(requirements: T): T {
  return requirements;
}
