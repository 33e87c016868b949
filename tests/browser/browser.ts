/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

const executable = process.env["FREEHOLD_CHROMIUM"] ?? "/usr/bin/chromium";
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;
export type Size = keyof typeof sizes;
export type Theme = "light" | "dark";

/** The machine's own Chromium, without a display. Throws with the command that installs it. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executable)) {
    throw new Error(
      `No Chromium at ${executable}. Install it: apt-get install -y --no-install-recommends chromium fonts-noto-core`,
    );
  }
  return chromium.launch({ executablePath: executable, headless: true, args: flags });
}

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page's console, and every address outside of its own origin that it asked for. */
  readonly faults: string[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export interface OpenOptions {
  readonly size?: Size;
  readonly theme?: Theme;
  /** Share cookies and storage with an earlier page: a second tab of the same browser. */
  readonly context?: BrowserContext;
  /** For a certificate of a local authority. */
  readonly ignoreHTTPSErrors?: boolean;
}

/** Opens an address as a person would: in a size and a colour scheme, listening for everything that goes wrong. */
export async function openPage(browser: Browser, url: string, options: OpenOptions = {}): Promise<OpenedPage> {
  const { size = "desktop", theme = "light", ignoreHTTPSErrors = false } = options;
  const context =
    options.context ??
    (await browser.newContext({
      viewport: sizes[size],
      colorScheme: theme,
      hasTouch: size === "phone",
      isMobile: size === "phone",
      ignoreHTTPSErrors,
    }));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults: string[] = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url()))
      faults.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  const close = (): Promise<void> => (options.context === undefined ? context.close() : page.close());
  return { page, context, faults, [Symbol.asyncDispose]: close };
}

/** Elements that stick out sideways, as text; empty when the page does not scroll sideways. */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((node) => node.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 5)
      .map(
        (node) =>
          `${node.tagName} ${(node.getAttribute("class") ?? "").slice(0, 60)}: ${node.textContent?.slice(0, 40) ?? ""}`,
      );
  });
}

/** Where screenshots lie: a folder of the system's temporary files unless the variable names one. */
export async function shotFolder(): Promise<string> {
  const folder = process.env["FREEHOLD_SHOTS"] ?? join(tmpdir(), "freehold-shots");
  await mkdir(folder, { recursive: true });
  return folder;
}

export async function shoot(page: Page, name: string, { full = false } = {}): Promise<string> {
  const path = join(await shotFolder(), `${name}.png`);
  await page.screenshot({ path, fullPage: full, animations: "disabled" });
  return path;
}
