import type { WalletJson } from "@freehold/contract";
import { useState, type FormEvent } from "react";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { ErrorLine } from "../ui/states.tsx";

/** Says what keeps the signer from signing; unlocks it when a passphrase is all that is missing. */
export function SignerNotice({ signer }: { readonly signer: WalletJson["signer"] }) {
  const { client } = useApp();
  const [passphrase, setPassphrase] = useState("");
  const unlock = useAction(async () => {
    await client.call("wallet.unlock", { body: { passphrase } });
    setPassphrase("");
  }, ["wallet.get"]);
  if (signer.state === "ready") return null;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (passphrase !== "") unlock.run();
  }
  return (
    <section className="grid gap-3 rounded-3 border border-edge bg-asks-soft p-4" aria-label="Signer">
      <p className="flex gap-2">
        <span className="text-asks">
          <Icon name={signer.state === "locked" ? "lock" : "warn"} size={20} />
        </span>
        <span className="min-w-0 wrap-anywhere">
          <b>{signer.state === "locked" ? "The wallet is locked." : "The signer does not answer."}</b> {signer.message}{" "}
          <span className="text-muted">{signer.next}</span>
        </span>
      </p>
      {signer.state === "locked" && (
        <form className="flex flex-wrap gap-2" onSubmit={submit}>
          <input
            className="input max-w-[320px]"
            type="password"
            aria-label="Wallet passphrase"
            placeholder="Wallet passphrase"
            autoComplete="off"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
          <Button type="submit" tone="primary" busy={unlock.busy} disabled={passphrase === ""}>
            Unlock
          </Button>
        </form>
      )}
      <ErrorLine problem={unlock.problem} />
    </section>
  );
}
