import type { RouteResponse } from "@freehold/contract";
import { useState, type FormEvent } from "react";
import { duration } from "../lib/format.ts";
import type { Problem } from "../lib/problem.ts";
import { argumentsOf, fieldsOf, type FormField } from "../lib/schema-form.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Field, Section, Tag } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";

export interface Triable {
  readonly name: string;
  readonly inputSchema: unknown;
}

function Input({
  field,
  value,
  onChange,
}: {
  readonly field: FormField;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  switch (field.kind) {
    case "choice":
      return (
        <select className="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{field.required ? "Choose…" : "not given"}</option>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    case "boolean":
      return (
        <select className="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">not given</option>
          <option value="true">yes</option>
          <option value="false">no</option>
        </select>
      );
    case "json":
      return (
        <textarea
          className="input field-sizing-content font-mono"
          spellCheck={false}
          value={value}
          placeholder="{ }"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "text":
    case "number":
    case "integer":
      return (
        <input
          className="input"
          dir="auto"
          inputMode={field.kind === "text" ? "text" : "decimal"}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function Result({ result }: { readonly result: RouteResponse<"tools.try"> }) {
  return (
    <div className="grid gap-2 border-t border-line p-4 [grid-template-columns:minmax(0,1fr)]">
      <p className="flex flex-wrap items-center gap-2 text-small text-muted" role="status">
        <b className={result.status === "ok" ? "text-ink" : "text-denied"}>{result.status}</b>{" "}
        {duration(result.durationMs)}
        <Tag icon="warn">untrusted result</Tag>
      </p>
      <pre className="well max-h-80 overflow-y-auto" dir="auto" tabIndex={0}>
        {result.text}
      </pre>
    </div>
  );
}

interface FieldsProps {
  readonly fields: readonly FormField[];
  readonly typed: Readonly<Record<string, string>>;
  readonly onChange: (typed: Readonly<Record<string, string>>) => void;
}

function Fields({ fields, typed, onChange }: FieldsProps) {
  return fields.map((field) => (
    <Field key={field.name} label={`${field.name}${field.required ? ", required" : ""}`} hint={field.description}>
      <Input
        field={field}
        value={typed[field.name] ?? ""}
        onChange={(text) => onChange({ ...typed, [field.name]: text })}
      />
    </Field>
  ));
}

/** Calls one tool by hand, through the same sandbox and door as the agent. */
export function TryTool({ tools }: { readonly tools: readonly Triable[] }) {
  const { client } = useApp();
  const [name, setName] = useState(tools[0]?.name ?? "");
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState<Problem | null>(null);
  const [result, setResult] = useState<RouteResponse<"tools.try"> | null>(null);
  const fields = fieldsOf(tools.find((tool) => tool.name === name)?.inputSchema);
  const call = useAction(async () => {
    const form = argumentsOf(fields, typed);
    setResult(null);
    setWrong(form.ok ? null : { code: "FORM", message: form.message, next: "" });
    if (form.ok) setResult(await client.call("tools.try", { body: { name, arguments: form.arguments } }));
  });
  if (tools.length === 0) return null;
  function submit(event: FormEvent): void {
    event.preventDefault();
    call.run();
  }
  return (
    <Section title="Try a tool">
      <form className="card" onSubmit={submit}>
        <div className="grid gap-4 p-4">
          <Field label="Tool">
            <select
              className="input"
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setTyped({});
                setResult(null);
              }}
            >
              {tools.map((tool) => (
                <option key={tool.name}>{tool.name}</option>
              ))}
            </select>
          </Field>
          <Fields fields={fields} typed={typed} onChange={setTyped} />
          <ErrorLine problem={wrong ?? call.problem} />
          <span>
            <Button type="submit" tone="primary" icon="play" busy={call.busy}>
              Run
            </Button>
          </span>
        </div>
        {result !== null && <Result result={result} />}
      </form>
    </Section>
  );
}
