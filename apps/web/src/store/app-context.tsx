import { ApiError, createClient, type Client, type RouteName } from "@freehold/contract";
import { createContext, use } from "react";
import { createQueryStore, type QueryStore } from "./query-store.ts";

/** What every component may use: the agent, and the answers so far. */
export interface App {
  readonly client: Client;
  readonly queries: QueryStore;
  /** Tells the other tabs of this browser that these answers have changed. */
  readonly tell: (names: readonly RouteName[]) => void;
}

const AppContext = createContext<App | null>(null);
export const AppProvider = AppContext;

export function useApp(): App {
  const app = use(AppContext);
  if (app === null) throw new Error("useApp outside of AppProvider");
  return app;
}

/** Builds the page's one connection. An answer 401 means that the session ended: the page then asks who is there. */
export function createApp(fetch: typeof globalThis.fetch): App {
  const client = createClient({ base: "", fetch });
  const guarded: Client = {
    async call(name, input, signal) {
      try {
        return await client.call(name, input, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401 && name !== "session.login") {
          void queries.ask("setup.state", {});
        }
        throw error;
      }
    },
    events: client.events,
  };
  const queries = createQueryStore(guarded.call);
  const channel = new BroadcastChannel("freehold");
  channel.addEventListener("message", (event: MessageEvent<unknown>) => {
    const names = Array.isArray(event.data) ? event.data.filter((name) => typeof name === "string") : [];
    void queries.refresh(names as RouteName[]);
  });
  return { client: guarded, queries, tell: (names) => channel.postMessage(names) };
}
