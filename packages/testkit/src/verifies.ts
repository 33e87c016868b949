/**
 * Says that the test around it proves a requirement of `tests/requirements/`. Found in the source by
 * `pnpm requirements`, so the id must be a literal; at run time it does nothing.
 */
export function verifies(_requirement: string): void {}
