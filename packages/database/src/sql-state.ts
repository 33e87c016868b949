/** SQLSTATE of an error that Postgres raised (`23505` …); null for any other error. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** The statement would have made a second row where one may be. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === "23505";
}
