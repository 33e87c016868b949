import type { Labels } from "@freehold/core";
import { addressOf, stringLeaves } from "./arguments.ts";
import type { ArgumentSource, PolicyConfig, PolicyContext, ToolSubject } from "./subject.ts";

/** What the tool rules look at, worked out once per call. */
export interface ToolFacts {
  readonly subject: ToolSubject;
  readonly labels: Labels;
  readonly halted: boolean;
  readonly localOnly: boolean;
  /** Built in, or of a server whose word the owner trusts. */
  readonly trusted: boolean;
  readonly changes: boolean;
  readonly destructive: boolean;
  /** Reaches beyond the machine in any way. */
  readonly leaves: boolean;
  /** Tells the outside something that the owner did not choose to tell. */
  readonly outside: boolean;
  readonly untrusted: boolean;
  readonly private: boolean;
  readonly granted: boolean;
  readonly grantedWhenUntrusted: boolean;
  /** Hosts that the call names. */
  readonly hosts: readonly string[];
  /** An address carries memory or the system prompt, or nobody said where it comes from. */
  readonly carriesMemory: boolean;
  readonly carriesSecret: boolean;
  /** `remember` of words that the owner wrote. */
  readonly ownWords: boolean;
}

export function toolFacts(subject: ToolSubject, context: PolicyContext, config: PolicyConfig): ToolFacts {
  const trusted = subject.builtin || subject.vetted;
  const addresses = addressesOf(subject);
  const read = isRead(subject, trusted);
  const openWorld = subject.effects.openWorld || !trusted;
  const inHouse = addresses.length > 0 && addresses.every((url) => isLoopback(url) && isListed(url, config));
  const sources = leafSources(subject);
  const grants = context.grants.filter(
    (grant) => grant.kind === "tool" && grant.serverId === subject.serverId && grant.tool === subject.name,
  );
  return {
    subject,
    labels: context.labels,
    halted: context.halted,
    localOnly: context.localOnly,
    trusted,
    changes: !read,
    destructive: !read && subject.effects.destructive,
    leaves: openWorld && !inHouse,
    outside: openWorld && (!read || !ownerChose(subject, config)),
    untrusted: context.labels.integrity === "untrusted" || sources.includes("untrusted"),
    private: context.labels.confidentiality !== "public",
    granted: grants.length > 0,
    grantedWhenUntrusted: grants.some((grant) => grant.kind === "tool" && grant.whenUntrusted),
    hosts: [...new Set(addresses.map((url) => url.host))],
    carriesMemory: carriesMemory(subject),
    carriesSecret: stringLeaves(subject.arguments).some(({ path, text }) => isSecret(path, text)),
    ownWords: subject.builtin && subject.name === "remember" && sources.every((source) => source === "owner"),
  };
}

function leafSources(subject: ToolSubject): readonly ArgumentSource[] {
  return stringLeaves(subject.arguments).map(({ path }) => subject.sources[path] ?? "untrusted");
}

function addressesOf(subject: ToolSubject): readonly URL[] {
  const texts = stringLeaves(subject.arguments).map((leaf) => leaf.text);
  const all = subject.url === undefined ? texts : [subject.url, ...texts];
  return all.flatMap((text) => addressOf(text) ?? []);
}

/** A GET by a built-in tool is a read; what a server says of itself counts only when it was vetted. */
function isRead(subject: ToolSubject, trusted: boolean): boolean {
  if (subject.builtin && addressesOf(subject).length > 0 && subject.effects.openWorld) {
    const method = subject.arguments["method"] ?? "GET";
    return typeof method === "string" && /^(get|head)$/i.test(method) && subject.arguments["body"] === undefined;
  }
  return trusted && subject.effects.readOnly;
}

/** Every word that would leave was written by the owner, or goes to an origin that the owner listed. */
function ownerChose(subject: ToolSubject, config: PolicyConfig): boolean {
  const addresses = addressesOf(subject);
  const listed = addresses.length > 0 && addresses.every((url) => isListed(url, config));
  const written = leafSources(subject).every((source) => source === "owner" || source === "address-book");
  const known = subject.url === undefined || listed || stringLeaves(subject.arguments).some(isSame(subject.url));
  return listed || (written && known);
}

function isSame(url: string): (leaf: { readonly text: string }) => boolean {
  const wanted = addressOf(url)?.href;
  return (leaf) => addressOf(leaf.text)?.href === wanted;
}

/** An address of unknown source may carry anything. */
function carriesMemory(subject: ToolSubject): boolean {
  return stringLeaves(subject.arguments).some(
    ({ path, text }) => (subject.sources[path] ?? "memory") === "memory" && addressOf(text) !== null,
  );
}

/** A placeholder is filled in headers only; key material is never an argument. */
function isSecret(path: string, text: string): boolean {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return true;
  return text.includes("{{secret:") && !path.startsWith("headers.");
}

function isListed(url: URL, config: PolicyConfig): boolean {
  return config.listedOrigins.includes(url.origin);
}

function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
}
