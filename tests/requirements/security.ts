import { defineRequirements } from "../requirements.ts";

const policy = "docs/security.md#policy";
const door = "docs/security.md#the-door";

/** What the policy and the door promise. Every one has a break. */
export const securityRequirements = defineRequirements({
  "security.policy.basics-unasked": {
    source: policy,
    behavior: "time, recall, remember of the owner's words and reads of vetted servers run without a question.",
    break: {
      file: "packages/policy/src/tool-rules.ts",
      find: "when: (facts) => facts.trusted && !facts.changes,",
      replace: "when: () => false,",
    },
  },
  "security.policy.rule-of-two": {
    source: policy,
    behavior: "Untrusted input, private data and a change or an outside communication never meet without a question.",
    break: {
      file: "packages/policy/src/tool-rules.ts",
      find: "      (facts.changes || facts.outside) &&",
      replace: "      facts.changes &&",
    },
  },
  "security.policy.hard-denials": {
    source: policy,
    behavior: "Secrets, memory in addresses, late tools, local only and the kill switch deny whatever else holds.",
    break: {
      file: "packages/policy/src/tool-rules.ts",
      find: 'when: (facts) => facts.leaves && facts.labels.confidentiality === "secret",',
      replace: "when: () => false,",
    },
  },
  "security.policy.default-deny": {
    source: policy,
    behavior: "A tool that changes things, of a server that nobody vetted, is denied.",
    break: {
      file: "packages/policy/src/tool-rules.ts",
      find: "when: (facts) => !facts.trusted && !facts.granted && !facts.subject.effects.readOnly,",
      replace: "when: () => false,",
    },
  },
  "security.policy.unattended-denies": {
    source: policy,
    behavior: "A run that nobody attends is denied what an attended run would be asked about.",
    break: {
      file: "packages/policy/src/decide.ts",
      find: 'if (decision.verdict !== "ask" || context.attended) return decision;',
      replace: "if (decision.verdict.length > 0 || context.attended) return decision;",
    },
  },
  "security.policy.payment-table": {
    source: policy,
    behavior: "Each quote is allowed, asked about or denied by the line of the table that fits.",
    break: {
      file: "packages/policy/src/payment-rules.ts",
      find: "covered: grant !== undefined && units <= grant.perPayment && grant.usedToday + units <= grant.perDay,",
      replace: "covered: grant !== undefined,",
    },
  },
  "security.policy.untrusted-never-pays": {
    source: policy,
    behavior: "Untrusted text cannot authorize a payment to a payee that the owner has not approved.",
    break: {
      file: "packages/policy/src/payment-rules.ts",
      find: "when: ({ strange, listed, grant }) => strange && !listed && grant === undefined,",
      replace: "when: () => false,",
    },
  },
  "security.policy.first-payment-asks": {
    source: policy,
    behavior: "The first payment to a payee asks the owner.",
    break: {
      file: "packages/policy/src/payment-rules.ts",
      find: "when: ({ subject }) => subject.firstPayment || !subject.payeeKnown,",
      replace: "when: () => false,",
    },
  },
  "security.policy.over-budget-denied": {
    source: policy,
    behavior: "A payment that would break any matching budget, holds included, is denied with the budget's name.",
    break: {
      file: "packages/policy/src/payment-rules.ts",
      find: "budget.held + budget.spent + units > budget.cap",
      replace: "budget.spent + units > budget.cap",
    },
  },
  "security.policy.owner-widens": {
    source: policy,
    behavior: "Only the owner's own act adds a payee, raises a cap, vets a server or lists an origin.",
    break: {
      file: "packages/policy/src/decide.ts",
      find: 'if (subject.actor === "owner") {',
      replace: 'if (subject.actor !== "peer") {',
    },
  },
  "security.policy.provenance": {
    source: policy,
    behavior: "An argument that stands in untrusted text and not in the owner's words counts as untrusted.",
    break: {
      file: "packages/policy/src/trace-arguments.ts",
      find: 'if (texts.some((text) => text.labels.integrity === "untrusted" && holds(text))) return "untrusted";',
      replace: "",
    },
  },
  "security.policy.monotonic": {
    source: policy,
    behavior: "Less trust never gives a laxer verdict.",
    break: {
      file: "packages/policy/src/tool-facts.ts",
      find: 'untrusted: context.labels.integrity === "untrusted" || sources.includes("untrusted"),',
      replace: 'untrusted: context.labels.integrity === "vetted",',
    },
  },
  "security.policy.kill-switch": {
    source: policy,
    behavior: "Once the kill switch is thrown, nothing is allowed and nothing is asked.",
    break: {
      file: "packages/policy/src/payment-rules.ts",
      find: "when: ({ context }) => context.halted,",
      replace: "when: () => false,",
    },
  },
  "security.policy.deny-dominates": {
    source: policy,
    behavior: "Deny beats ask, and ask beats allow.",
    break: {
      file: "packages/policy/src/decide.ts",
      find: 'const first = matching.find((rule) => rule.verdict === "deny") ?? asking[0] ?? matching[0];',
      replace: "const first = asking[0] ?? matching[0];",
    },
  },
  "security.door.private-refused": {
    source: door,
    behavior: "open() reaches no private, loopback or metadata address, in whatever form it is written.",
    break: {
      file: "packages/egress/src/guard.ts",
      find: "if (isIP(bare) !== 0) return [checked(hostname, bare, reach)];",
      replace: "if (isIP(bare) !== 0) return [bare];",
    },
  },
  "security.door.resolved-checked": {
    source: door,
    behavior: "Every address that a name resolves to is checked; one bad answer refuses the name.",
    break: {
      file: "packages/egress/src/guard.ts",
      find: "return answers.map((answer) => checked(hostname, answer, reach));",
      replace: "return answers;",
    },
  },
  "security.door.address-pinned": {
    source: door,
    behavior: "The connection goes to the address that was checked, without a second look at the name.",
    break: {
      file: "packages/egress/src/direct-transport.ts",
      find: "deps.dial(addresses, port, deps.connectMs),",
      replace:
        "deps.resolver(options.hostname).then((again) => deps.dial([...again, ...addresses], port, deps.connectMs)),",
    },
  },
  "security.door.certificate": {
    source: door,
    behavior: "The certificate must be for the name that was asked for, although the address is pinned.",
    break: {
      file: "packages/egress/src/direct-transport.ts",
      find: "buildConnector({ allowH2: false, timeout: deps.connectMs });",
      replace: "buildConnector({ allowH2: false, timeout: deps.connectMs, rejectUnauthorized: false });",
    },
  },
  "security.door.listed-exact": {
    source: door,
    behavior: "A listed origin counts by scheme, host and port, and only where the request itself named it.",
    break: {
      file: "packages/egress/src/door.ts",
      find: "const listed = first && settings.listedOrigins().includes(url.origin);",
      replace: "const listed = settings.listedOrigins().some((origin) => new URL(origin).hostname === url.hostname);",
    },
  },
  "security.door.redirects-rechecked": {
    source: door,
    behavior: "Each redirect is checked like a request of its own.",
    break: {
      file: "packages/egress/src/door.ts",
      find: 'return listed ? "anywhere" : "public";',
      replace: 'return listed || url.port === "" || url.hostname.startsWith("127.") ? "anywhere" : "public";',
    },
  },
  "security.door.credentials-stay": {
    source: door,
    behavior: "A redirect carries no credential and no payment to another origin.",
    break: {
      file: "packages/egress/src/redirect.ts",
      find: "const kept = !crossing || carriedAcross.has(name);",
      replace: 'const kept = name !== "authorization" || !crossing;',
    },
  },
  "security.door.content-stays": {
    source: door,
    behavior: "A redirect hands the request's content to no other origin.",
    break: {
      file: "packages/egress/src/redirect.ts",
      find: 'if (crossing) throw refused(request, "it would hand the request\'s content to another origin");',
      replace: "",
    },
  },
  "security.door.configured-stays": {
    source: door,
    behavior: "A configured client never leaves its origin.",
    break: {
      file: "packages/egress/src/door.ts",
      find: "if (url.origin !== allowed) {",
      replace: 'if (allowed === "") {',
    },
  },
  "security.door.ledger-first": {
    source: door,
    behavior: "The ledger row is committed before the first byte leaves; without it, nothing leaves.",
    break: {
      file: "packages/egress/src/send-recorded.ts",
      find: "const id = await deps.ledger.begin({",
      replace: 'const id = "0"; void deps.ledger.begin({',
    },
  },
  "security.door.local-only": {
    source: door,
    behavior: "Local only refuses everything outside the house, open connections included.",
    break: {
      file: "packages/egress/src/door.ts",
      find: 'return settings.localOnly() ? "house" : "anywhere";',
      replace: 'return "anywhere";',
    },
  },
  "security.door.size-limit": {
    source: door,
    behavior: "An answer that is larger than allowed, decoded, is cut off.",
    break: {
      file: "packages/egress/src/send-recorded.ts",
      find: "if (maxBytes !== null && passage.bytesIn > maxBytes) throw tooLarge(passage.origin, maxBytes);",
      replace: "",
    },
  },
  "security.door.time-limit": {
    source: door,
    behavior: "A server that does not answer, falls silent or drips for ever is given up on.",
    break: {
      file: "packages/egress/src/watch.ts",
      find: "if (total === null || started + total > step.at) return step;",
      replace: "if (total !== 0) return step;",
    },
  },
  "security.door.secret-bound": {
    source: door,
    behavior: "A secret is filled in for exactly the origin that it was stored for, and for no other.",
    break: {
      file: "packages/egress/src/secrets.ts",
      find: "return secret?.origin === origin ? secret.value : null;",
      replace: "return secret?.value ?? null;",
    },
  },
  "security.door.token": {
    source: door,
    behavior: "The egress container carries requests for whoever has its token, and for nobody else.",
    break: {
      file: "packages/egress/src/remote/server.ts",
      find: "if (!isAllowed(request, deps.token)) {",
      replace: 'if (deps.token === "") {',
    },
  },
  "security.door.pull-proxy": {
    source: door,
    behavior: "The proxy for model pulls opens tunnels to listed hosts on public addresses only.",
    break: {
      file: "packages/egress/src/remote/connect-proxy.ts",
      find: 'if (!deps.allow.some((entry) => matches(entry, url.hostname, port))) throw new Error("not a listed host");',
      replace: "",
    },
  },
});
