import type { Parameter } from "./parameters.ts";

export interface EngineResult {
  readonly rows: readonly unknown[];
  /** `SELECT`, `COMMIT`, `ROLLBACK`, … */
  readonly command: string;
}

/** One connection. Queries on it run one after the other. */
export interface Session {
  query(text: string, parameters: readonly Parameter[]): Promise<EngineResult>;
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
}

/** What the two ways of reaching Postgres have in common. */
export interface Engine {
  readonly kind: "embedded" | "memory" | "postgres";
  query(text: string, parameters: readonly Parameter[]): Promise<EngineResult>;
  /** Gives the body a connection of its own until it ends. Does not open a transaction. */
  withSession<T>(body: (session: Session) => Promise<T>): Promise<T>;
  listen(channel: string, fn: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
