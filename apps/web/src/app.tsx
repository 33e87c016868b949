import { lazy, Suspense } from "react";
import { ChatPage } from "./chat/chat-page.tsx";
import { parsePlace, usePath, type Place } from "./router.tsx";
import { SetupPage, welcome } from "./setup/setup-page.tsx";
import { SignInPage } from "./setup/sign-in-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { useQuery } from "./store/hooks.ts";
import { Bones, ErrorState } from "./ui/states.tsx";

// The chat comes with the first load; the other pages when they are opened.
const ApprovalsPage = lazy(async () => ({ default: (await import("./approvals/approvals-page.tsx")).ApprovalsPage }));
const WalletPage = lazy(async () => ({ default: (await import("./wallet/wallet-page.tsx")).WalletPage }));
const MemoryPage = lazy(async () => ({ default: (await import("./memory/memory-page.tsx")).MemoryPage }));
const ToolsPage = lazy(async () => ({ default: (await import("./tools/tools-page.tsx")).ToolsPage }));
const ModelsPage = lazy(async () => ({ default: (await import("./models/models-page.tsx")).ModelsPage }));
const ActivityPage = lazy(async () => ({ default: (await import("./activity/activity-page.tsx")).ActivityPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage }));

function PageAt({ place }: { readonly place: Place }) {
  switch (place.page) {
    case "chat":
      return <ChatPage threadId={place.id} />;
    case "approvals":
      return <ApprovalsPage />;
    case "wallet":
      return <WalletPage receiptId={place.id} />;
    case "memory":
      return <MemoryPage />;
    case "tools":
      return <ToolsPage serverId={place.id} />;
    case "models":
      return <ModelsPage />;
    case "activity":
      return <ActivityPage />;
    case "settings":
      return <SettingsPage />;
  }
}

/** Who is there decides what is shown: set-up, sign-in, or the house. */
export function App() {
  const state = useQuery("setup.state", {});
  const path = usePath();
  if (state.data === null) {
    if (state.problem === null) return <Bones />;
    return (
      <main className="mx-auto max-w-[560px] pt-[12dvh]">
        <ErrorState problem={state.problem} onRetry={state.reload} />
      </main>
    );
  }
  const { owned, signedIn } = state.data;
  if (!owned || (signedIn && path.endsWith(welcome))) return <SetupPage claimed={signedIn} />;
  if (!signedIn) return <SignInPage />;
  const place = parsePlace(path);
  return (
    <Shell page={place.page} fixed={place.page === "chat"}>
      <Suspense fallback={<Bones />}>
        <PageAt place={place} />
      </Suspense>
    </Shell>
  );
}
