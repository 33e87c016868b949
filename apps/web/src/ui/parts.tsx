import type { LabelsJson } from "@freehold/contract";
import { useState, type ReactNode } from "react";
import { shortHash } from "../lib/format.ts";
import { CopyButton } from "./copy-button.tsx";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "plain" | "allowed" | "asks" | "denied" | "money";

interface TagProps {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

export function Tag({ tone = "plain", icon, children }: TagProps) {
  return (
    <span className="tag" data-tone={tone}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

const places = {
  "this-machine": { icon: "home", words: "this machine" },
  "my-machines": { icon: "machines", words: "my machines" },
  rented: { icon: "rented", words: "rented" },
  vendor: { icon: "cloud", words: "vendor" },
} as const;

/** Where something runs: always a mark and the word. On narrow bars the word stays for screen readers. */
export function Where({ place, brief = false }: { readonly place: keyof typeof places; readonly brief?: boolean }) {
  const { icon, words } = places[place];
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-muted">
      <Icon name={icon} size={14} />
      <span className={brief ? "max-md:sr-only" : ""}>{words}</span>
    </span>
  );
}

/** A hash, address or id: shortened in the middle, whole in the clipboard. */
export function Hash({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <span className="inline-flex items-center gap-1 font-mono text-tiny whitespace-nowrap text-muted">
      <bdi title={text}>{shortHash(text)}</bdi>
      <CopyButton text={text} label={`Copy ${name}`} />
    </span>
  );
}

export interface MeterPart {
  readonly part: "spent" | "held" | "this" | "plain" | "full";
  /** Of a hundred. */
  readonly percent: number;
}

/** A gauge beside its numbers; `label` says the same in words. */
export function Meter({
  parts,
  label,
  thin,
}: {
  readonly parts: readonly MeterPart[];
  readonly label: string;
  readonly thin?: boolean;
}) {
  return (
    <span className="meter" role="img" aria-label={label} {...(thin === true ? { "data-thin": "" } : {})}>
      {parts.map(({ part, percent }) => (
        <i key={part} data-part={part} style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
      ))}
    </span>
  );
}

export function Labels({ labels }: { readonly labels: LabelsJson }) {
  return (
    <>
      {labels.integrity === "untrusted" && <Tag icon="warn">untrusted</Tag>}
      {labels.confidentiality !== "public" && <Tag icon="lock">{labels.confidentiality}</Tag>}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, hint, actions, children }: SectionProps) {
  return (
    <section className="min-w-0">
      <header className="mb-3 flex min-h-8 flex-wrap items-center gap-x-3">
        <h2>{title}</h2>
        {hint !== undefined && <span className="text-small text-muted">{hint}</span>}
        {actions !== undefined && <span className="ms-auto flex items-center gap-2">{actions}</span>}
      </header>
      {children}
    </section>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
}

/** While it is busy it shows what was asked for. */
export function Switch({ on, onChange, children, disabled = false }: SwitchProps) {
  const [wanted, setWanted] = useState(on);
  return (
    <label className="switch text-small">
      <input
        type="checkbox"
        role="switch"
        checked={disabled ? wanted : on}
        disabled={disabled}
        onChange={(event) => {
          setWanted(event.currentTarget.checked);
          onChange(event.currentTarget.checked);
        }}
      />
      <i />
      <span>{children}</span>
    </label>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

/** A named input; the label wraps it, so a press on the words focuses it. */
export function Field({ label, hint, children }: FieldProps) {
  return (
    <label className="grid content-start gap-[6px] text-small">
      <span className="font-medium">{label}</span>
      {children}
      {hint !== undefined && <span className="text-tiny text-muted">{hint}</span>}
    </label>
  );
}
