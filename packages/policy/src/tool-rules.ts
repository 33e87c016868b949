import type { Rule } from "./rule.ts";
import type { ToolFacts } from "./tool-facts.ts";

/** What may happen when the agent wants to call a tool, in the order in which it is explained. */
export const toolRules: readonly Rule<ToolFacts>[] = [
  {
    id: "halt.kill-switch",
    verdict: "deny",
    when: (facts) => facts.halted,
    reason: () => "You stopped the agent, so it does nothing until you let it go on.",
  },
  {
    id: "tool.not-offered",
    verdict: "deny",
    when: (facts) => !facts.subject.offered,
    reason: ({ subject }) =>
      `${subject.name} was not among the tools of this run when it began, and tools cannot join later.`,
  },
  {
    id: "secret.in-arguments",
    verdict: "deny",
    when: (facts) => facts.carriesSecret,
    reason: ({ subject }) => `The call to ${subject.name} carries a secret where secrets never go.`,
  },
  {
    id: "secret.in-context",
    verdict: "deny",
    when: (facts) => facts.leaves && facts.labels.confidentiality === "secret",
    reason: (facts) =>
      `This conversation holds a secret, and ${facts.subject.name} would talk to ${outsider(facts)}; secrets never leave the house.`,
  },
  {
    id: "secret.memory-in-address",
    verdict: "deny",
    when: (facts) => facts.leaves && facts.carriesMemory,
    reason: (facts) =>
      `The address for ${outsider(facts)} carries text from your memory or of unknown origin, which is never sent in an address.`,
  },
  {
    id: "local-only.tool",
    verdict: "deny",
    when: (facts) => facts.localOnly && facts.leaves,
    reason: (facts) => `Local only is on, and ${facts.subject.name} would talk to ${outsider(facts)}.`,
  },
  {
    id: "tool.unknown-change",
    verdict: "deny",
    when: (facts) => !facts.trusted && !facts.granted && !facts.subject.effects.readOnly,
    reason: ({ subject }) =>
      `${subject.name} can change things and you have not vetted its server; vet it or allow this tool on the Tools page.`,
  },
  {
    id: "rule-of-two",
    verdict: "ask",
    when: (facts) =>
      facts.untrusted &&
      facts.private &&
      (facts.changes || facts.outside) &&
      !facts.ownWords &&
      !facts.grantedWhenUntrusted,
    reason: (facts) =>
      `This conversation holds private words and text from ${strangers(facts)}, and ${facts.subject.name} would ${facts.outside ? `tell something to ${outsider(facts)}` : "change something"}.`,
  },
  {
    id: "tool.destructive",
    verdict: "ask",
    when: (facts) => facts.destructive && !facts.granted,
    reason: ({ subject }) => `${subject.name} can overwrite or delete things.`,
  },
  {
    id: "tool.unvetted-read",
    verdict: "ask",
    when: (facts) => !facts.trusted && !facts.granted && facts.subject.effects.readOnly,
    reason: ({ subject }) => `${subject.name} says that it only reads, but you have not vetted its server.`,
  },
  {
    id: "tool.own-words",
    verdict: "allow",
    when: (facts) => facts.ownWords,
    reason: () => "It keeps words that you wrote.",
  },
  {
    id: "tool.read",
    verdict: "allow",
    when: (facts) => facts.trusted && !facts.changes,
    reason: ({ subject }) => `${subject.name} only reads.`,
  },
  {
    id: "tool.standing-rule",
    verdict: "allow",
    when: (facts) => facts.granted,
    reason: ({ subject }) => `You allowed ${subject.name} for good.`,
  },
  {
    id: "tool.vetted-change",
    verdict: "allow",
    when: (facts) => facts.trusted && facts.changes,
    reason: ({ subject }) => `You vetted the server of ${subject.name}, and nothing untrusted asks for this.`,
  },
];

function outsider(facts: ToolFacts): string {
  return facts.hosts.length > 0 ? facts.hosts.join(" and ") : "the outside";
}

function strangers(facts: ToolFacts): string {
  const known = new Set(["owner", "assistant", "system"]);
  const others = facts.labels.origins.filter((origin) => !known.has(origin));
  return others.length > 0 ? others.slice(0, 3).join(", ") : "somebody else";
}
