import { useEffect, useState, type ReactNode } from "react";
import { hrefOf, Link, type Page } from "../router.tsx";
import { useOnline, useQuery } from "../store/hooks.ts";
import { flipTheme } from "../theme.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Sheet } from "../ui/sheet.tsx";

const names: Record<Page, { readonly label: string; readonly icon: IconName }> = {
  chat: { label: "Chat", icon: "chat" },
  approvals: { label: "Approvals", icon: "approvals" },
  wallet: { label: "Wallet", icon: "wallet" },
  memory: { label: "Memory", icon: "memory" },
  tools: { label: "Tools", icon: "tools" },
  models: { label: "Models", icon: "models" },
  activity: { label: "Activity", icon: "activity" },
  settings: { label: "Settings", icon: "settings" },
};
const inRail = ["chat", "approvals", "wallet", "memory", "tools", "models", "activity"] as const;
const inTabs = ["chat", "approvals", "wallet", "memory"] as const;
const inMore = ["tools", "models", "activity", "settings"] as const;

function Badge({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <b className="absolute top-[3px] start-[calc(50%+5px)] min-w-4 rounded-full bg-asks px-1 text-center text-[0.75rem] leading-4 font-strong text-ground">
      {count}
      <span className="sr-only"> waiting</span>
    </b>
  );
}

const railItem =
  "relative grid justify-items-center gap-[3px] rounded-2 pt-[7px] pb-[5px] text-tiny text-muted hover:bg-inset hover:text-ink aria-[current]:bg-inset aria-[current]:font-medium aria-[current]:text-ink [&[aria-current]>svg]:text-accent";

function RailLink({
  page,
  current,
  waiting,
}: {
  readonly page: Page;
  readonly current: Page;
  readonly waiting: number;
}) {
  const { label, icon } = names[page];
  return (
    <Link className={railItem} href={hrefOf(page)} {...(page === current ? { "aria-current": "page" } : {})}>
      <Icon name={icon} size={20} />
      <span>{label}</span>
      {page === "approvals" && <Badge count={waiting} />}
    </Link>
  );
}

function Rail({ current, waiting }: { readonly current: Page; readonly waiting: number }) {
  return (
    <nav
      aria-label="Pages"
      className="sticky top-0 z-4 flex h-dvh flex-col gap-[2px] overflow-y-auto border-e border-line bg-ground px-2 py-3 max-md:hidden"
    >
      <Link href="/" aria-label="Freehold, new chat" className="mb-2 grid h-9 flex-none place-items-center">
        <Icon name="mark" size={24} />
      </Link>
      {inRail.map((page) => (
        <RailLink key={page} page={page} current={current} waiting={waiting} />
      ))}
      <span className="flex-1" />
      <button type="button" className={railItem} onClick={flipTheme}>
        <Icon name="theme" size={20} />
        <span>Theme</span>
      </button>
      <RailLink page="settings" current={current} waiting={0} />
    </nav>
  );
}

const tab =
  "relative grid content-center justify-items-center gap-[2px] text-tiny text-muted aria-[current]:font-medium aria-[current]:text-ink [&[aria-current]>svg]:text-accent";

function TabBar({ current, waiting }: { readonly current: Page; readonly waiting: number }) {
  const [more, setMore] = useState(false);
  const underMore = inMore.some((page) => page === current);
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-5 grid h-[calc(var(--tabs)+env(safe-area-inset-bottom))] grid-cols-5 border-t border-line bg-ground pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {inTabs.map((page) => (
        <Link key={page} className={tab} href={hrefOf(page)} {...(page === current ? { "aria-current": "page" } : {})}>
          <Icon name={names[page].icon} size={20} />
          <span>{names[page].label}</span>
          {page === "approvals" && <Badge count={waiting} />}
        </Link>
      ))}
      <button
        type="button"
        className={tab}
        onClick={() => setMore(true)}
        {...(underMore ? { "aria-current": "page" } : {})}
      >
        <Icon name="more" size={20} />
        <span>More</span>
      </button>
      <Sheet open={more} title="More pages" onClose={() => setMore(false)}>
        <div className="rows -mx-5 -mb-5">
          {inMore.map((page) => (
            <Link
              key={page}
              href={hrefOf(page)}
              onClick={() => setMore(false)}
              className="flex min-h-12 items-center gap-3 px-5 py-3"
            >
              <Icon name={names[page].icon} size={20} />
              <span className="flex-1">{names[page].label}</span>
              <Icon name="right" />
            </Link>
          ))}
        </div>
      </Sheet>
    </nav>
  );
}

/** Says it when the browser, or the agent, cannot be reached; what is on the page stays readable. */
function Reach() {
  const online = useOnline();
  const halt = useQuery("halt.get", {});
  const away = halt.problem?.code === "NO_ANSWER";
  if (online && !away) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-3 border-b border-line bg-asks-soft px-4 py-2 text-small md:px-6"
    >
      <span className="text-asks">
        <Icon name="offline" />
      </span>
      <span className="min-w-0 flex-1">
        {online ? (
          <>
            <b>The agent does not answer.</b> What you see may be old. It goes on by itself when the agent is back.
          </>
        ) : (
          <>
            <b>This device is offline.</b> What is on the page stays; sending waits until the agent can be reached.
          </>
        )}
      </span>
    </div>
  );
}

/** The frame around every page. `fixed` pages scroll inside themselves. */
export function Shell({
  page,
  fixed,
  children,
}: {
  readonly page: Page;
  readonly fixed: boolean;
  readonly children: ReactNode;
}) {
  const approvals = useQuery("approvals.list", { query: { state: "waiting" } }, { every: 10_000 });
  const waiting = approvals.data?.approvals.length ?? 0;
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${names[page].label} · Freehold`;
  }, [page, waiting]);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[var(--rail)_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-30 focus:rounded-2 focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      <Rail current={page} waiting={waiting} />
      <div
        id="main"
        tabIndex={-1}
        className={`flex min-w-0 flex-col bg-surface outline-0 max-md:pb-[calc(var(--tabs)+env(safe-area-inset-bottom))] ${fixed ? "h-dvh" : "min-h-dvh"}`}
      >
        <Reach />
        {children}
      </div>
      <TabBar current={page} waiting={waiting} />
    </div>
  );
}
