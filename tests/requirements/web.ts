import { defineRequirements } from "../requirements.ts";

const guide = "docs/web.md";

/** What the page promises. Money, decisions and a model's text have a break. */
export const webRequirements = defineRequirements({
  "web.output.no-picture": {
    source: `${guide}#what-a-model-writes`,
    behavior: "No picture in a model's text is loaded: its address could carry the conversation away.",
    break: {
      file: "apps/web/src/chat/markdown.tsx",
      find: "allowedImagePrefixes: [],",
      replace: 'allowedImagePrefixes: ["*"],',
    },
  },
  "web.output.links-ask": {
    source: `${guide}#what-a-model-writes`,
    behavior:
      "An address in a model's text is opened only after the owner has read and confirmed it, and never runs code.",
    break: { file: "apps/web/src/lib/is-openable.ts", find: "/^(https?|mailto):/i", replace: "/./" },
  },
  "web.output.no-html": {
    source: `${guide}#what-a-model-writes`,
    behavior: "HTML in a model's text is shown as text and never becomes part of the page.",
    break: {
      file: "apps/web/src/chat/markdown.tsx",
      find: 'import { harden } from "rehype-harden";',
      replace:
        'import { defaultRehypePlugins } from "streamdown";\nconst harden = defaultRehypePlugins["raw"] as never;',
    },
  },
  "web.approval.bound": {
    source: `${guide}#approvals`,
    behavior: "A decision carries the hash of the terms that were on the screen.",
    break: {
      file: "apps/web/src/lib/decision-body.ts",
      find: "argumentsHash: shown.argumentsHash",
      replace: 'argumentsHash: ""',
    },
  },
  "web.money.digits": {
    source: `${guide}#money`,
    behavior:
      "Amounts are shown and read digit by digit in the asset's own decimals; what is finer than the asset is refused.",
    break: {
      file: "apps/web/src/lib/money.ts",
      find: 'const fraction = digits.slice(at).replace(/0+$/, "");',
      replace: "const fraction = String(Number(`0.${digits.slice(at)}`)).slice(2);",
    },
  },
  "web.stream.once": {
    source: `${guide}#streaming`,
    behavior:
      "Text that the agent sends again after a cut, and text of an inference that died, is shown once or not at all.",
    break: {
      file: "apps/web/src/chat/run-view.ts",
      find: 'const fresh: TextItem = { kind, messageId, text: "", done: false, turnId: null };',
      replace:
        'const old = view.items.find(isText(messageId)) as TextItem | undefined;\n  const fresh: TextItem = { kind, messageId, text: old?.text ?? "", done: false, turnId: null };',
    },
  },
  "web.stream.resume": {
    source: `${guide}#streaming`,
    behavior: "A cut event line is built up again from the last event that was seen.",
    break: { file: "apps/web/src/chat/follow-run.ts", find: 'if (frame.id !== "") after = frame.id;', replace: "" },
  },
  "web.stream.committed": {
    source: `${guide}#streaming`,
    behavior: "At the end of a run the shown text is the committed text.",
    break: {
      file: "apps/web/src/chat/transcript.ts",
      find: 'return text === "" ? item : ({ ...item, text } satisfies TextItem);',
      replace: "return item;",
    },
  },
});
