import type { ApprovalCard } from "@freehold/contract";
import { useState } from "react";
import { hostOf } from "../lib/receipt-words.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Sheet } from "../ui/sheet.tsx";

type Rule = ApprovalCard["offers"][number];

function words(card: ApprovalCard, rule: Rule): { readonly title: string; readonly body: string } {
  if (rule === "allow-payee") {
    return {
      title: `Pay ${hostOf(card.payment?.origin ?? "")} without asking`,
      body: "Within your budgets. It still asks when the payee's address changes or a cap would be passed.",
    };
  }
  return {
    title: `Let ${card.tool.server ?? "the agent"} use ${card.tool.name} without asking`,
    body: "Text from outside still makes it ask. A changed definition is held back as before.",
  };
}

interface RuleSheetProps {
  readonly card: ApprovalCard;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onRule: (rule: Rule) => void;
}

export function RuleSheet({ card, open, onClose, onRule }: RuleSheetProps) {
  const [chosen, setChosen] = useState<Rule | null>(null);
  const rule = chosen ?? card.offers[0] ?? null;
  return (
    <Sheet
      open={open}
      title="A rule for this"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" onClick={() => rule !== null && onRule(rule)}>
            Save rule and allow
          </Button>
        </>
      }
    >
      <fieldset className="grid gap-3">
        <legend className="sr-only">Rule</legend>
        {card.offers.map((offer) => {
          const { title, body } = words(card, offer);
          return (
            <label key={offer} className="flex gap-3 rounded-3 border border-edge p-4">
              <input type="radio" name={`rule-${card.id}`} checked={rule === offer} onChange={() => setChosen(offer)} />
              <span className="grid min-w-0 gap-1 wrap-anywhere">
                <b>{title}</b>
                <span className="text-small text-muted">{body}</span>
              </span>
            </label>
          );
        })}
      </fieldset>
      <p className="flex gap-2 text-small text-muted">
        <Icon name="info" /> You can take it back under Approvals at any time.
      </p>
    </Sheet>
  );
}
