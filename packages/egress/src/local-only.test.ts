import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";

const probe = fileURLToPath(new URL("test-netns.ts", import.meta.url));
const setUp = "ip link set lo up && ip addr add 93.184.216.34/32 dev lo";

function inNamespace(command: string): { readonly ok: boolean; readonly output: string } {
  const run = spawnSync("unshare", ["-rn", "sh", "-c", `${setUp} && ${command}`], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { ok: run.status === 0, output: run.status === 0 ? run.stdout : `${run.stderr}${String(run.error ?? "")}` };
}

describe("local only, with a real public address in a network namespace", () => {
  it.skipIf(!inNamespace("true").ok)("lets nothing reach it, neither new connections nor open ones", () => {
    verifies("security.door.local-only");
    const { ok, output } = inNamespace(`'${process.execPath}' '${probe}'`);
    expect(ok, output).toBe(true);
    expect(JSON.parse(output)).toEqual({
      before: ["outside", "outside"],
      after: ["EGRESS_LOCAL_ONLY", "EGRESS_LOCAL_ONLY"],
      newlyServed: 0,
      newlyAccepted: 0,
    });
  });
});
