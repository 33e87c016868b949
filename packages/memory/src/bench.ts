// Inner parts that `bench/memory` measures one by one. Nothing else may import this entry.
export { createInScope } from "./in-scope.ts";
export { cutAtGap } from "./recall/cut.ts";
export { find } from "./recall/find.ts";
export { defaultWeights, type RecallWeights } from "./recall/weights.ts";
export type { StoreContext } from "./store/context.ts";
