import { setTheme, themes, useTheme } from "../theme.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { useQuery } from "../store/hooks.ts";
import { PageBody } from "../ui/page.tsx";
import { Section } from "../ui/parts.tsx";
import { Account } from "./account.tsx";
import { Phone } from "./phone.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { Sessions } from "./sessions.tsx";
import { Tokens } from "./tokens.tsx";

const words = { system: "As the system", light: "Light", dark: "Dark" } as const;

function Appearance() {
  const theme = useTheme();
  return (
    <Section title="Appearance">
      <div className="tabs" role="group" aria-label="Theme">
        {themes.map((each) => (
          <button key={each} type="button" aria-pressed={each === theme} onClick={() => setTheme(each)}>
            {words[each]}
          </button>
        ))}
      </div>
    </Section>
  );
}

function About() {
  const state = useQuery("setup.state", {}).data;
  if (state === null) return null;
  return (
    <Section title="About">
      <dl className="facts">
        <dt>Version</dt>
        <dd>{state.version}</dd>
        <dt>Database</dt>
        <dd>
          {state.database === "postgres"
            ? "Postgres"
            : "Embedded. It survives a crash of the program, but not always a power cut: for a house that must, use Postgres."}
        </dd>
      </dl>
    </Section>
  );
}

export function SettingsPage() {
  return (
    <>
      <TopBar title="Settings" />
      <PageBody narrow>
        <Account />
        <SecondFactor />
        <Sessions />
        <Tokens />
        <Phone />
        <Appearance />
        <About />
      </PageBody>
    </>
  );
}
