import { useState, type FormEvent } from "react";
import { problemOf, type Problem } from "../lib/problem.ts";
import { navigate } from "../router.tsx";
import { useApp } from "../store/app-context.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { Dots, Frame } from "./frame.tsx";
import { ModelStep } from "./model-step.tsx";

/** Marks the last step in the address: the owner exists by then. */
export const welcome = "#welcome";
const steps = ["Setup code", "You", "Model"] as const;
const shortest = 10;

/** A code in the address (`/#setup=…`, as the terminal prints it) is filled in. */
function codeInAddress(): string {
  return /^#setup=([\w-]{4,40})$/.exec(location.hash)?.[1] ?? "";
}

function CodeStep({
  code,
  problem,
  onCode,
}: {
  readonly code: string;
  readonly problem: Problem | null;
  readonly onCode: (code: string) => void;
}) {
  const [typed, setTyped] = useState(code);
  const ready = typed.trim().length >= 4;
  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onCode(typed.trim());
      }}
    >
      <div className="grid gap-2">
        <h1>Type the setup code</h1>
        <p className="text-muted">
          It stands in the terminal or in the container’s log. It shows that this machine is yours, works once, and ends
          after 15 minutes.
        </p>
      </div>
      <input
        className="input h-14 text-center font-mono text-title! font-strong tracking-[0.3em] uppercase"
        aria-label="Setup code"
        aria-invalid={problem !== null}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ErrorLine problem={problem} />
      <div className="grid gap-2">
        <p className="text-small text-muted">No code to be seen? On the machine itself:</p>
        <pre className="well">freehold owner reset</pre>
      </div>
      <footer className="flex justify-end">
        <Button type="submit" tone="primary" size="large" disabled={!ready}>
          Go on
        </Button>
      </footer>
    </form>
  );
}

interface YouStepProps {
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly onBack: () => void;
  readonly onClaim: (owner: { readonly name: string; readonly password: string }) => void;
}

function YouStep({ busy, problem, onBack, onClaim }: YouStepProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const ready = name.trim() !== "" && password.length >= shortest;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) onClaim({ name: name.trim(), password });
  }
  return (
    <form className="grid gap-6" onSubmit={submit}>
      <div className="grid gap-2">
        <h1>Who owns this house?</h1>
        <p className="text-muted">
          One owner, made once. Everything stays on this machine; there is no account anywhere else.
        </p>
      </div>
      <div className="grid gap-4">
        <Field label="What should the agent call you?">
          <input
            className="input"
            dir="auto"
            autoComplete="nickname"
            maxLength={80}
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Field>
        <Field label="Password" hint={`At least ${shortest} characters. A sentence is easy to keep and hard to guess.`}>
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </Field>
        <p className="text-small text-muted">A six-digit code as a second factor can be added in Settings.</p>
      </div>
      <ErrorLine problem={problem} />
      <footer className="flex items-center justify-between gap-3">
        <Button size="large" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" tone="primary" size="large" busy={busy} disabled={!ready}>
          Take ownership
        </Button>
      </footer>
    </form>
  );
}

export function SetupPage({ claimed }: { readonly claimed: boolean }) {
  const { client, queries } = useApp();
  const [code, setCode] = useState(codeInAddress);
  const [step, setStep] = useState<"code" | "you">("code");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  async function claim(owner: { readonly name: string; readonly password: string }): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await client.call("setup.claim", { body: { code, ...owner } });
      navigate(`/${welcome}`, { replace: true });
      await queries.ask("setup.state", {});
    } catch (error) {
      const failure = problemOf(error);
      setProblem(failure);
      // Only the code can be wrong in a way that this step cannot mend.
      if (/SETUP|CODE/.test(failure.code)) setStep("code");
    } finally {
      setBusy(false);
    }
  }

  const at = claimed ? 2 : step === "you" ? 1 : 0;
  return (
    <Frame>
      <div className="grid gap-6">
        <Dots steps={steps} at={at} />
        {at === 0 && (
          <CodeStep
            code={code}
            problem={problem}
            onCode={(next) => {
              setCode(next);
              setProblem(null);
              setStep("you");
            }}
          />
        )}
        {at === 1 && (
          <YouStep
            busy={busy}
            problem={problem}
            onBack={() => setStep("code")}
            onClaim={(owner) => void claim(owner)}
          />
        )}
        {at === 2 && <ModelStep onDone={() => navigate("/", { replace: true })} />}
      </div>
    </Frame>
  );
}
