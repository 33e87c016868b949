import type { RouteName } from "@freehold/contract";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage, overflowing, shoot, type Size } from "./browser.ts";
import { startFixture } from "./fixture-server.ts";
import { fresh, lived } from "./fixture-world.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const both: readonly Size[] = ["phone", "desktop"];
/** Each page, the question that it stands on, and a sentence of its empty state. */
const pages: readonly (readonly [path: string, route: RouteName, empty: string])[] = [
  ["/", "models.list", "What shall we begin with?"],
  ["/approvals", "approvals.list", "Nothing waits for you"],
  ["/wallet", "wallet.get", "Nothing was paid yet"],
  ["/memory", "blocks.list", "Nothing is pinned"],
  ["/tools", "tools.list", "None yet. Add one above."],
  ["/models", "models.list", "Installed"],
  ["/activity", "activity.ledger", "Nothing has left the house"],
  ["/settings", "tokens.list", "A program that talks to this agent needs one."],
];

describe.each(both)("on a %s", (size) => {
  it.each(pages)("%s fits, loads nothing from outside and breaks no policy", async (path) => {
    await using fixture = await startFixture();
    for (const theme of ["light", "dark"] as const) {
      await using opened = await openPage(browser, fixture.url + path, { size, theme });
      await opened.page.locator("h1").first().waitFor();
      await opened.page.waitForLoadState("networkidle");
      expect(await overflowing(opened.page)).toEqual([]);
      expect(opened.faults).toEqual([]);
      await shoot(opened.page, `${path.slice(1) || "chat"}-${size}-${theme}`, { full: true });
    }
  });

  it.each(pages)("%s has an empty state", async (path, _route, empty) => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url + path, { size });
    await opened.page.getByText(empty).first().waitFor();
    expect(await overflowing(opened.page)).toEqual([]);
    await shoot(opened.page, `${path.slice(1) || "chat"}-empty-${size}`);
  });

  it.each(pages.slice(1))("%s shows bones while it waits, and says what to do when it fails", async (path, route) => {
    await using fixture = await startFixture();
    fixture.hanging.add(route);
    await using opened = await openPage(browser, fixture.url + path, { size });
    await opened.page.getByRole("status", { name: "Loading" }).first().waitFor();
    fixture.hanging.delete(route);
    fixture.failing.add(route);
    await opened.page.reload();
    const alert = opened.page.getByRole("alert").filter({ hasText: "The database does not answer." }).first();
    await alert.waitFor();
    await expect.poll(() => alert.innerText()).toContain("Look at freehold doctor.");
    expect(await overflowing(opened.page)).toEqual([]);
    fixture.failing.delete(route);
    const retryAll = (): Promise<void> =>
      opened.page.evaluate(() => {
        for (const button of document.querySelectorAll<HTMLButtonElement>("[role=alert] button")) button.click();
      });
    await retryAll();
    await expect
      .poll(async () => {
        await retryAll();
        return opened.page.getByRole("alert").count();
      })
      .toBe(0);
  });
});

it("opens every server and receipt by its address", async () => {
  const world = lived();
  await using fixture = await startFixture(world);
  await using server = await openPage(browser, `${fixture.url}/tools/${world.servers[0]?.id}`, { size: "phone" });
  await server.page.getByText("differs from what you approved").waitFor();
  expect(await overflowing(server.page)).toEqual([]);
  await using receipt = await openPage(browser, `${fixture.url}/wallet/${world.journal[0]?.intentId}`, {
    size: "phone",
  });
  await receipt.page.getByRole("dialog", { name: "Receipt" }).waitFor();
  expect(await overflowing(receipt.page)).toEqual([]);
});
