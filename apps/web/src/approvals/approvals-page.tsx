import type { ApprovalCard, RouteResponse } from "@freehold/contract";
import { useState } from "react";
import { useApprovalKeys } from "../chat/approval-keys.ts";
import { Approval } from "../chat/approval-card.tsx";
import { plural, when } from "../lib/format.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { hrefOf, Link } from "../router.tsx";
import { useApp } from "../store/app-context.tsx";
import { phoneWidth, useAction, useMedia, useNow, useQuery } from "../store/hooks.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { WithSide } from "../ui/page.tsx";
import { Section, Tag } from "../ui/parts.tsx";
import { Empty, ErrorLine } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

/** On the phone one card is open; the others are one line each. */
function Folded({ card, onOpen }: { readonly card: ApprovalCard; readonly onOpen: () => void }) {
  return (
    <button type="button" className="approval grid w-full gap-1 p-4 text-start" onClick={onOpen} aria-expanded={false}>
      <span className="flex items-center gap-2 text-small text-muted">
        <Tag tone="asks" icon="asks">
          Asks
        </Tag>
        {card.kind === "payment" ? "Payment" : "Tool call"}
      </span>
      <span className="flex items-center gap-2 font-strong">
        <span className="min-w-0 flex-1 truncate">{card.title}</span>
        <Icon name="down" />
      </span>
    </button>
  );
}

function Inbox({ cards }: { readonly cards: readonly ApprovalCard[] }) {
  const { queries } = useApp();
  const narrow = useMedia(phoneWidth);
  const [opened, setOpened] = useState<string | null>(null);
  useApprovalKeys();
  const openId = cards.some((card) => card.id === opened) ? opened : (cards[0]?.id ?? null);
  return (
    <div className="grid gap-4 md:gap-6 [grid-template-columns:minmax(0,1fr)]" data-inbox="">
      {cards.map((card) => (
        <div key={card.id} className="grid gap-1 [grid-template-columns:minmax(0,1fr)]">
          {narrow && card.id !== openId ? (
            <Folded card={card} onOpen={() => setOpened(card.id)} />
          ) : (
            <>
              <Approval card={card} keys onDecided={() => void queries.refresh(["approvals.list"])} />
              <Link className="link justify-self-end text-small" href={hrefOf("chat", card.threadId)}>
                Open its conversation
              </Link>
            </>
          )}
        </div>
      ))}
    </div>
  );
}

const outcomes = {
  allowed: { icon: "ok", tone: "text-allowed", words: "you allowed" },
  denied: { icon: "ban", tone: "text-denied", words: "you denied" },
  expired: { icon: "clock", tone: "text-faint", words: "expired unanswered, nothing was done" },
  withdrawn: { icon: "x", tone: "text-faint", words: "withdrawn by the agent" },
  waiting: { icon: "asks", tone: "text-asks", words: "waits" },
} as const;

function Decided() {
  const decided = useQuery("approvals.list", { query: { state: "decided" } });
  const now = useNow(60_000);
  return (
    <Section title="Decided">
      <WithAnswer answer={decided}>
        {({ approvals }) =>
          approvals.length === 0 ? (
            <p className="text-small text-muted">Nothing was decided yet.</p>
          ) : (
            <ul className="rows text-small">
              {approvals.slice(0, 50).map((card) => {
                const { icon, tone, words } = outcomes[card.state];
                return (
                  <li key={card.id} className="flex gap-3 py-3">
                    <span className={tone}>
                      <Icon name={icon} />
                    </span>
                    <span className="min-w-0 wrap-anywhere">
                      <b>{card.title}</b>
                      <br />
                      <span className="text-muted">
                        {words}
                        {card.decidedAt !== null && `, ${when(card.decidedAt, now)}`}
                      </span>
                    </span>
                  </li>
                );
              })}
            </ul>
          )
        }
      </WithAnswer>
    </Section>
  );
}

type RuleJson = RouteResponse<"rules.list">["rules"][number];

function Rules() {
  const { client } = useApp();
  const rules = useQuery("rules.list", {});
  const remove = useAction(
    (rule: RuleJson) => client.call("rules.remove", { params: { id: rule.id } }),
    ["rules.list"],
  );
  const now = useNow(60_000);
  return (
    <Section title="Standing rules" hint="what no longer asks">
      <WithAnswer answer={rules}>
        {({ rules: all }) =>
          all.length === 0 ? (
            <p className="text-small text-muted">None. “Make a rule…” on a question makes one.</p>
          ) : (
            <ul className="rows text-small">
              {all.map((rule) => (
                <li key={rule.id} className="flex items-center gap-3 py-2">
                  <span className="min-w-0 flex-1 wrap-anywhere">
                    <b>{rule.subject}</b>
                    <br />
                    <span className="text-muted">
                      {rule.kind === "allow-payee" ? "may be paid" : "may be called"}, since {when(rule.createdAt, now)}
                    </span>
                  </span>
                  <IconButton
                    icon="x"
                    size="small"
                    label={`Take back the rule for ${rule.subject}`}
                    onClick={() => remove.run(rule)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </WithAnswer>
      <ErrorLine problem={remove.problem} />
    </Section>
  );
}

export function ApprovalsPage() {
  const waiting = useQuery("approvals.list", { query: { state: "waiting" } });
  const count = waiting.data?.approvals.length ?? 0;
  return (
    <>
      <TopBar title="Approvals">
        {count > 0 && (
          <Tag tone="asks" icon="asks">
            {count} {count === 1 ? "waits" : "wait"}
          </Tag>
        )}
      </TopBar>
      <WithSide
        label="Decided and rules"
        side={
          <>
            <Decided />
            <Rules />
            <p className="flex flex-wrap gap-2 text-small text-muted max-md:hidden">
              <kbd className="key">J</kbd> <kbd className="key">K</kbd> move <kbd className="key">A</kbd> allow{" "}
              <kbd className="key">D</kbd> deny
            </p>
          </>
        }
      >
        <p className="sr-only" role="status">
          {count === 0 ? "Nothing waits for you" : `${plural(count, "question")} for you`}
        </p>
        <WithAnswer answer={waiting}>
          {({ approvals }) =>
            approvals.length === 0 ? (
              <Empty icon="shield" title="Nothing waits for you">
                When the agent wants to pay, write or send something that your rules do not settle, it asks here.
              </Empty>
            ) : (
              <Inbox cards={approvals} />
            )
          }
        </WithAnswer>
      </WithSide>
    </>
  );
}
