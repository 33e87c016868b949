import { memo, type ReactNode } from "react";
import { harden } from "rehype-harden";
import { Streamdown, type Components } from "streamdown";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { isOpenable } from "../lib/is-openable.ts";
import { useOpenLink } from "./link-guard.tsx";

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map((child: ReactNode) => textOf(child)).join("");
  if (typeof node === "object" && node !== null && "props" in node) {
    return textOf((node.props as { readonly children?: ReactNode }).children);
  }
  return "";
}

/** No `href`: nothing but the owner's confirmed press opens an address that a model wrote. */
function GuardedLink({ href, children }: { readonly href?: string | undefined; readonly children?: ReactNode }) {
  const open = useOpenLink();
  if (href === undefined || !isOpenable(href)) return <span>{children}</span>;
  return (
    <button type="button" className="link inline text-start wrap-anywhere" title={href} onClick={() => open(href)}>
      {children}
    </button>
  );
}

function CodeBlock({ children }: { readonly children?: ReactNode }) {
  const child = Array.isArray(children) ? (children as ReactNode[])[0] : children;
  const props =
    typeof child === "object" && child !== null && "props" in child ? (child.props as { className?: unknown }) : {};
  const language = typeof props.className === "string" ? (/language-(\S+)/.exec(props.className)?.[1] ?? "") : "";
  return (
    <figure className="codeblock" dir="ltr">
      <header>
        <span className="flex-1 truncate">{language === "" ? "text" : language}</span>
        <CopyButton text={textOf(children)} label="Copy code" />
      </header>
      <pre tabIndex={0}>
        <code>{textOf(children)}</code>
      </pre>
    </figure>
  );
}

const components: Components = {
  a: ({ href, children }) => <GuardedLink href={href}>{children}</GuardedLink>,
  // A picture's address would tell its host that, and when, the answer was read.
  img: ({ alt }) => (
    <span className="tag">
      <Icon name="ban" size={14} /> picture not loaded{alt === undefined || alt === "" ? "" : `: ${alt}`}
    </span>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  code: ({ children, className }) => <code className={className}>{children}</code>,
  inlineCode: ({ children }) => <code>{children}</code>,
  table: ({ children }) => (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  h1: ({ children }) => <h3 dir="auto">{children}</h3>,
  h2: ({ children }) => <h3 dir="auto">{children}</h3>,
  h3: ({ children }) => <h4 dir="auto">{children}</h4>,
  h4: ({ children }) => <h4 dir="auto">{children}</h4>,
  ul: ({ children }) => <ul dir="auto">{children}</ul>,
  ol: ({ children, start }) => (
    <ol dir="auto" start={start}>
      {children}
    </ol>
  ),
  li: ({ children }) => <li dir="auto">{children}</li>,
  p: ({ children }) => <p dir="auto">{children}</p>,
  blockquote: ({ children }) => <blockquote dir="auto">{children}</blockquote>,
  hr: () => <hr />,
  strong: ({ children }) => <strong>{children}</strong>,
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr>{children}</tr>,
  th: ({ children }) => <th dir="auto">{children}</th>,
  td: ({ children }) => <td dir="auto">{children}</td>,
};

/** HTML in the text stays text: the plugin that would parse it is not in the list. */
const rehypePlugins: NonNullable<Parameters<typeof Streamdown>[0]["rehypePlugins"]> = [
  [
    harden,
    {
      defaultOrigin: "https://nowhere.invalid",
      allowedLinkPrefixes: ["*"],
      allowedProtocols: ["https:", "http:", "mailto:"],
      allowedImagePrefixes: [],
      allowDataImages: false,
      imageBlockPolicy: "indicator",
      linkBlockPolicy: "text-only",
    },
  ],
];

export const Markdown = memo(function Markdown({ text, done }: { readonly text: string; readonly done: boolean }) {
  return (
    <Streamdown
      className="prose"
      mode={done ? "static" : "streaming"}
      dir="auto"
      components={components}
      rehypePlugins={rehypePlugins}
      controls={false}
      skipHtml={false}
    >
      {text}
    </Streamdown>
  );
});
