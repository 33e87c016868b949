import type { CheckJson, LedgerRowJson, RouteResponse } from "@freehold/contract";
import { useState } from "react";
import { bytes, plural, when } from "../lib/format.ts";
import { showMoney } from "../lib/money.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { useNow, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { LocalOnly } from "../ui/local-only.tsx";
import { PageBody } from "../ui/page.tsx";
import { Labels, Meter, Section, Tag } from "../ui/parts.tsx";
import { Empty } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

type LedgerJson = RouteResponse<"activity.ledger">;

const outcomes = {
  ok: { icon: "ok", words: "sent", tone: "text-muted" },
  refused: { icon: "ban", words: "refused", tone: "text-denied" },
  failed: { icon: "warn", words: "failed", tone: "text-asks" },
  open: { icon: "clock", words: "under way", tone: "text-muted" },
} as const;

function Row({ row, now }: { readonly row: LedgerRowJson; readonly now: Date }) {
  const assets = useQuery("wallet.get", {}).data?.assets ?? [];
  const { icon, words, tone } = outcomes[row.outcome];
  return (
    <tr>
      <td data-cell="side" className="whitespace-nowrap text-muted">
        {when(row.at, now)}
      </td>
      <td data-cell="sub">
        <span className={`inline-flex items-center gap-[6px] ${tone}`}>
          <Icon name={icon} /> {words}
        </span>
      </td>
      <td data-cell="lead">
        <b className="wrap-anywhere">{row.host}</b>
        <small>
          {row.why}
          {row.problem !== null && `, ${row.problem}`}
        </small>
      </td>
      <td data-cell="none">
        <code>{row.who}</code>
      </td>
      <td data-cell="none">
        <span className="flex flex-wrap gap-1">
          <Labels labels={row.labels} />
          {row.labels.confidentiality === "public" && <Tag>public</Tag>}
        </span>
      </td>
      <td data-cell="value" className="num">
        {bytes(row.bytesOut)}
      </td>
      <td data-cell="none" className="num">
        {bytes(row.bytesIn)}
      </td>
      <td data-cell="none" className="num text-money">
        {row.cost === null ? "" : showMoney(row.cost, assets).text}
      </td>
    </tr>
  );
}

function Ledger({ ledger, onMore }: { readonly ledger: LedgerJson; readonly onMore: (() => void) | null }) {
  const now = useNow(60_000);
  const [refused, setRefused] = useState(false);
  const rows = refused ? ledger.rows.filter(({ outcome }) => outcome === "refused") : ledger.rows;
  if (ledger.rows.length === 0) {
    return (
      <Empty icon="activity" title="Nothing has left the house">
        Every request through the door will stand here: who, why, where to, and how much.
      </Empty>
    );
  }
  return (
    <div className="grid gap-3 [grid-template-columns:minmax(0,1fr)]">
      <div className="tabs" role="group" aria-label="Filter">
        <button type="button" aria-pressed={!refused} onClick={() => setRefused(false)}>
          All
        </button>
        <button type="button" aria-pressed={refused} onClick={() => setRefused(true)}>
          Refused {ledger.rows.filter(({ outcome }) => outcome === "refused").length}
        </button>
      </div>
      <div className="table-frame">
        <table className="table">
          <thead>
            <tr>
              {["When", "Outcome", "To, and why", "Who", "In context"].map((name) => (
                <th key={name}>{name}</th>
              ))}
              {["Out", "In", "Cost"].map((name) => (
                <th key={name} className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} now={now} />
            ))}
          </tbody>
        </table>
      </div>
      {onMore !== null && (
        <span>
          <Button onClick={onMore}>Show more</Button>
        </span>
      )}
    </div>
  );
}

function ByHost({ hosts }: { readonly hosts: LedgerJson["byHost"] }) {
  const rows = hosts.toSorted((a, b) => b.bytesOut - a.bytesOut).slice(0, 10);
  const most = Math.max(...rows.map(({ bytesOut }) => bytesOut), 1);
  const out = hosts.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
  return (
    <Section title="What left my house" hint={`${bytes(out)} to ${plural(hosts.length, "host")}`}>
      {rows.length === 0 ? (
        <p className="text-small text-muted">Nothing yet.</p>
      ) : (
        <ul className="grid gap-3">
          {rows.map(({ host, requests, bytesOut, bytesIn }) => (
            <li
              key={host}
              className="grid items-center gap-x-3 gap-y-1 text-small [grid-template-columns:minmax(0,1fr)_auto] md:[grid-template-columns:minmax(0,260px)_minmax(0,1fr)_auto]"
            >
              <span className="truncate" title={host}>
                {host}
              </span>
              <span className="max-md:order-3 max-md:col-span-2">
                <Meter
                  label={`${host}: ${bytes(bytesOut)} out, ${bytes(bytesIn)} in, ${plural(requests, "request")}`}
                  parts={[{ part: "plain", percent: (bytesOut / most) * 100 }]}
                />
              </span>
              <span className="text-end whitespace-nowrap">
                <b>{bytes(bytesOut)}</b> <span className="text-muted">out, {bytes(bytesIn)} in</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Listed({ origins }: { readonly origins: readonly string[] }) {
  if (origins.length === 0) return null;
  return (
    <p className="text-small text-muted wrap-anywhere">
      Listed by you as reachable although private:{" "}
      {origins.map((origin) => (
        <code key={origin}>{origin} </code>
      ))}
    </p>
  );
}

function Sovereignty() {
  const report = useQuery("activity.sovereignty", {});
  return (
    <Section title="Sovereignty" hint="what each layer runs on, and who could switch it off">
      <WithAnswer answer={report}>
        {({ layers }) => (
          <div className="table-frame">
            <table className="table">
              <thead>
                <tr>
                  <th>Layer</th>
                  <th>Runs on</th>
                  <th>Who could switch it off</th>
                  <th>Answers to</th>
                </tr>
              </thead>
              <tbody>
                {layers.map((layer) => (
                  <tr key={layer.layer}>
                    <td data-cell="lead">
                      <b>{layer.layer}</b>
                    </td>
                    <td data-cell="wide">{layer.runsOn}</td>
                    <td data-cell="wide" className="text-muted">
                      {layer.canBeStoppedBy}
                    </td>
                    <td data-cell="value">
                      <Tag icon={layer.owned ? "home" : "rented"}>{layer.owned ? "only you" : "others too"}</Tag>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </WithAnswer>
    </Section>
  );
}

const checkStates = {
  ok: { icon: "check", tone: "text-muted", words: "in order" },
  warning: { icon: "warn", tone: "text-asks", words: "needs a look" },
  failed: { icon: "x", tone: "text-denied", words: "failed" },
} as const;

function Check({ check }: { readonly check: CheckJson }) {
  const { icon, tone, words } = checkStates[check.state];
  return (
    <li className="flex gap-3 px-4 py-3 text-small">
      <span className={tone}>
        <Icon name={icon} />
        <span className="sr-only">{words}</span>
      </span>
      <span className="min-w-0 wrap-anywhere">
        <b>{check.title}</b> <span className="text-muted">{check.message}</span>
        {check.next !== "" && (
          <>
            <br />
            {check.next}
          </>
        )}
      </span>
    </li>
  );
}

function Doctor() {
  const doctor = useQuery("doctor.get", {});
  return (
    <Section
      title="Health"
      hint="checks of this installation"
      actions={
        <Button size="small" icon="refresh" onClick={doctor.reload}>
          Check again
        </Button>
      }
    >
      <WithAnswer answer={doctor}>
        {({ checks }) => (
          <ul className="card rows">
            {checks.map((check) => (
              <Check key={check.id} check={check} />
            ))}
          </ul>
        )}
      </WithAnswer>
    </Section>
  );
}

export function ActivityPage() {
  const [limit, setLimit] = useState(50);
  const ledger = useQuery("activity.ledger", { query: { limit } }, { every: 10_000 });
  return (
    <>
      <TopBar title="Activity">
        <LocalOnly />
      </TopBar>
      <PageBody>
        <WithAnswer answer={ledger} rows={5}>
          {(data) => (
            <>
              <ByHost hosts={data.byHost} />
              <Section title="Ledger" hint="every request through the door">
                <Ledger ledger={data} onMore={data.next !== null && limit < 200 ? () => setLimit(200) : null} />
              </Section>
              <Listed origins={data.listedOrigins} />
            </>
          )}
        </WithAnswer>
        <Sovereignty />
        <Doctor />
      </PageBody>
    </>
  );
}
