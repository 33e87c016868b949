import { tmpdir } from "node:os";
import type { Launcher } from "./launcher.ts";
import { serverEnvironment } from "./server-environment.ts";
import { spawnProcess } from "./spawn-process.ts";

/** No sandbox at all, for servers of which the owner said so. They still see nothing of our environment. */
export function createDirectLauncher(): Launcher {
  return {
    kind: "none",
    status: async () => ({ usable: true }),
    launch: (spec) => spawnProcess(spec.argv, { environment: serverEnvironment(spec.environment), cwd: tmpdir() }),
  };
}
