import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage, overflowing, shoot } from "./browser.ts";
import { startFixture, type Fixture } from "./fixture-server.ts";
import { fresh } from "./fixture-world.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}
const answer = (page: Page) => page.getByRole("article", { name: "Answer" }).last();
const words =
  "It has rained on the harbour since noon and the wind turns west before the evening so take the red coat with you.";

/** The last run's committed text. */
function committed(fixture: Fixture): string {
  const turns = [...fixture.runs.values()].at(-1)?.thread.turns ?? [];
  const last = turns.findLast(({ author }) => author === "assistant");
  return last?.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("") ?? "";
}

describe("the chat", () => {
  it("streams an answer and shows what was committed, once, through cuts of the line", async () => {
    await using fixture = await startFixture(fresh());
    fixture.cuts.push(6, 4, 5, 9);
    await using opened = await openPage(browser, fixture.url);
    await say(opened.page, "How is the weather?");
    await answer(opened.page).getByText("take the red coat with you.").waitFor();
    await opened.page.getByRole("button", { name: "Try again" }).waitFor();
    expect(await answer(opened.page).locator("[data-message]").allInnerTexts()).toEqual([words]);
    expect(committed(fixture)).toBe(words);
    expect(fixture.cuts).toEqual([]);
    expect(opened.faults.filter((fault) => !fault.includes("ERR_"))).toEqual([]);
  });

  it("goes on after a reload in the middle, and in a second tab", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url);
    await say(opened.page, "a long one, please");
    await answer(opened.page).getByText("It has rained").first().waitFor();
    await opened.page.reload();
    await using second = await openPage(browser, opened.page.url(), { context: opened.context });
    for (const page of [opened.page, second.page]) {
      await page.getByRole("button", { name: "Try again" }).waitFor({ timeout: 20_000 });
      expect((await answer(page).innerText()).split("It has rained")).toHaveLength(15);
    }
  });

  it("stops, and tries again", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url);
    await say(opened.page, "a long one, please");
    await answer(opened.page).getByText("It has rained").first().waitFor();
    await opened.page.getByRole("button", { name: "Stop" }).click();
    await opened.page.getByText("Stopped by you.").waitFor();
    await opened.page.getByRole("button", { name: "Try again" }).click();
    await opened.page.getByRole("button", { name: "Stop" }).waitFor();
    expect(await opened.page.getByRole("article", { name: "Answer" }).count()).toBe(2);
  });

  it("says why an answer failed, and keeps the message", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url, { size: "phone" });
    await say(opened.page, "please fail");
    const alert = opened.page.getByRole("alert");
    await alert.getByText("The model does not answer.").waitFor();
    await alert.getByText("MODEL_UNREACHABLE").waitFor();
    await shoot(opened.page, "chat-failed-phone");
    await alert.getByRole("button", { name: "Try again" }).click();
    await answer(opened.page).getByText("take the red coat").waitFor();
    fixture.failing.add("messages.send");
    await say(opened.page, "kept when sending fails");
    await opened.page.getByRole("alert").getByText("The database does not answer.").waitFor();
    expect(await opened.page.getByRole("textbox", { name: "Message" }).inputValue()).toBe("kept when sending fails");
  });

  it("asks before it pays, and leaves the receipt in the question's place", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url);
    const { page } = opened;
    await page.getByRole("button", { name: "Buy a joke for 0.01 test USDC" }).click();
    const card = page.getByRole("region", { name: /Waits for you: Pay/ });
    await card.getByText("first payment to this payee").waitFor();
    await shoot(page, "chat-approval-desktop");
    await page.getByRole("region", { name: "Conversation" }).focus();
    await page.keyboard.press("a");
    const slip = page.getByRole("group", { name: "Receipt" });
    await slip.getByText("settled and delivered").waitFor();
    await page.getByText("To be settled.").last().waitFor();
    expect(await card.count()).toBe(0);
    await page.getByRole("button", { name: "Look inside" }).or(page.locator("summary")).first().click();
    await page.getByRole("button", { name: "Look inside" }).click();
    await page.getByRole("complementary", { name: "What this call did" }).getByText("2", { exact: true }).waitFor();
    await shoot(page, "chat-receipt-desktop");
    await page.reload();
    await slip.getByText("settled and delivered").waitFor();
    expect(opened.faults).toEqual([]);
  });

  it("takes a no on the phone", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url, { size: "phone", theme: "dark" });
    await opened.page.getByRole("button", { name: "Buy a joke for 0.01 test USDC" }).tap();
    await opened.page.getByRole("button", { name: "Deny" }).waitFor();
    expect(await overflowing(opened.page)).toEqual([]);
    await shoot(opened.page, "chat-approval-phone-dark");
    await opened.page.getByRole("button", { name: "Deny" }).tap();
    await answer(opened.page).getByText("As you wish: nothing was paid.").waitFor();
    await opened.page.getByText("You denied:").waitFor();
    expect(fixture.world.journal).toEqual([]);
  });

  it("draws markdown, loads no picture, runs no HTML and asks before it opens a link", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url, { size: "phone" });
    const { page } = opened;
    await say(page, "a marvel, please");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.getByText("Image blocked: chart").waitFor();
    expect(await answer(page).locator("img, a[href^='http']").count()).toBe(0);
    expect(await overflowing(page)).toEqual([]);
    expect(opened.faults).toEqual([]);
    expect(
      await page.locator("p[dir=auto]", { hasText: "הטיפול" }).evaluate((node) => getComputedStyle(node).direction),
    ).toBe("rtl");
    await shoot(page, "chat-markdown-phone");
    const pages = opened.context.pages().length;
    await page.getByRole("button", { name: "link", exact: true }).tap();
    const sheet = page.getByRole("alertdialog", { name: "Open this address?" });
    await sheet.getByText("https://leak.example/?q=secret").waitFor();
    await sheet.getByRole("button", { name: "Stay here" }).tap();
    await sheet.waitFor({ state: "detached" });
    expect(opened.context.pages()).toHaveLength(pages);
  });

  it("keeps the reader's place while text streams", async () => {
    await using fixture = await startFixture(fresh());
    await using opened = await openPage(browser, fixture.url);
    const { page } = opened;
    await say(page, "a long one, please");
    const box = page.getByRole("region", { name: "Conversation" });
    await expect
      .poll(() => box.evaluate((node) => node.scrollHeight > node.clientHeight + 200), { timeout: 20_000 })
      .toBe(true);
    await box.evaluate((node) => node.scrollTo(0, 20));
    const before = await box.evaluate((node) => node.scrollHeight);
    await expect.poll(() => box.evaluate((node) => node.scrollHeight), { timeout: 20_000 }).toBeGreaterThan(before);
    expect(await box.evaluate((node) => node.scrollTop)).toBe(20);
    await page.getByRole("button", { name: "To the end" }).click();
    await expect
      .poll(() => box.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight < 64))
      .toBe(true);
  });

  it("finds, renames and forgets threads", async () => {
    await using fixture = await startFixture();
    const [id] = fixture.world.threads.keys();
    await using opened = await openPage(browser, `${fixture.url}/chat/${id}`);
    const { page } = opened;
    await page.getByRole("region", { name: "Conversation" }).focus();
    await page.keyboard.press("/");
    await page.keyboard.type("Rindfleisch");
    const list = page.getByRole("complementary", { name: "Threads" });
    await expect.poll(() => list.getByRole("link").filter({ hasText: "Charge" }).count()).toBe(0);
    await page.getByRole("searchbox", { name: "Search threads" }).fill("");
    await page.getByRole("button", { name: "Rename thread" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Car");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Car" }).waitFor();
    await page.getByRole("button", { name: "Forget thread" }).click();
    const sheet = page.getByRole("alertdialog");
    await sheet.getByText("words of the index").waitFor();
    await sheet.getByRole("button", { name: "Forget for good" }).click();
    await page.getByRole("heading", { level: 1, name: "New chat" }).waitFor();
    expect(fixture.world.threads.size).toBe(2);
  });
});
