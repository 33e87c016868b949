import { describe, expect, it } from "vitest";
import { decide } from "./index.ts";

describe("decide", () => {
  it("lets only the owner widen what the agent may do", () => {
    const context = {
      labels: { integrity: "owner", confidentiality: "private", origins: ["owner"] },
      attended: true,
      grants: [],
      halted: false,
      spendingStopped: false,
      localOnly: false,
    } as const;
    const config = { listedOrigins: [], assets: {} };
    expect(decide({ kind: "authority", change: "raise-cap", actor: "agent" }, context, config).verdict).toBe("deny");
    expect(decide({ kind: "authority", change: "raise-cap", actor: "owner" }, context, config).verdict).toBe("allow");
  });
});
