import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage, overflowing, shoot } from "./browser.ts";
import { startFixture } from "./fixture-server.ts";
import { fresh, lived } from "./fixture-world.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("coming in", () => {
  it("goes from the setup code to a chat that can be typed in", async () => {
    await using fixture = await startFixture({ ...fresh(), owned: false, signedIn: false });
    await using opened = await openPage(browser, fixture.url, { size: "phone" });
    const { page } = opened;
    await page.getByRole("textbox", { name: "Setup code" }).fill("wrong");
    await shoot(page, "setup-code-phone");
    await page.getByRole("button", { name: "Go on" }).tap();
    const own = async (): Promise<void> => {
      await page.getByLabel("What should the agent call you?").fill("Captain");
      await page.getByLabel("Password").fill("correct horse battery");
      await page.getByRole("button", { name: "Take ownership" }).tap();
    };
    await own();
    await page.getByRole("alert").getByText("That is not the setup code.").waitFor();
    await page.getByRole("textbox", { name: "Setup code" }).fill("7KQM-2R4T");
    await page.getByRole("button", { name: "Go on" }).tap();
    expect(await overflowing(page)).toEqual([]);
    await own();
    await page.getByRole("heading", { name: "Choose who thinks" }).waitFor();
    await shoot(page, "setup-model-phone");
    await page.getByRole("button", { name: "Start talking" }).tap();
    await page.getByRole("textbox", { name: "Message" }).fill("hello");
    expect(opened.faults).toEqual([]);
  });

  it("takes the code from the address that the terminal prints", async () => {
    await using fixture = await startFixture({ ...fresh(), owned: false, signedIn: false });
    await using opened = await openPage(browser, `${fixture.url}/#setup=7KQM-2R4T`);
    expect(await opened.page.getByRole("textbox", { name: "Setup code" }).inputValue()).toBe("7KQM-2R4T");
  });

  it("signs in with a password and a six-digit code, and out again", async () => {
    await using fixture = await startFixture({ ...lived(), signedIn: false, totp: true });
    await using opened = await openPage(browser, `${fixture.url}/settings`);
    const { page } = opened;
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("A six-digit code is needed.").waitFor();
    await page.getByLabel("Six-digit code").fill("123456");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Welcome home" }).waitFor();
  });
});

describe("the house", () => {
  it("stops everything from any page, and goes on", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/memory`);
    const kill = opened.page.getByRole("switch", { name: /Agent/ });
    await kill.uncheck();
    await expect.poll(() => fixture.world.halted).toBe(true);
    await kill.check();
    await expect.poll(() => fixture.world.halted).toBe(false);
  });

  it("decides by keys: J moves, D denies", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/approvals`);
    await opened.page.getByRole("button", { name: /Allow 0\.01/ }).waitFor();
    await opened.page.keyboard.press("j");
    await opened.page.keyboard.press("j");
    await opened.page.keyboard.press("d");
    await expect
      .poll(() => fixture.world.approvals.map(({ state }) => state).slice(0, 2))
      .toEqual(["waiting", "denied"]);
  });

  it("changes a cap in digits, and refuses what is finer than the asset", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/wallet`);
    const { page } = opened;
    await page.getByRole("button", { name: "Change the cap of Today" }).click();
    const cap = page.getByRole("dialog").getByRole("textbox");
    await cap.fill("0.0000001");
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await cap.fill("7.000001");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => fixture.world.budgets[0]?.cap.units).toBe("7000001");
    await page.getByRole("switch", { name: /Spending/ }).uncheck();
    await expect.poll(() => fixture.world.stopped).toBe(true);
  });

  it("shows both texts when a block was changed meanwhile", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/memory`, { size: "phone" });
    const { page } = opened;
    await page.getByRole("button", { name: "Edit Profile" }).tap();
    await page.getByRole("textbox", { name: "Profile" }).fill("Mine");
    fixture.world.blocks = fixture.world.blocks.map((block) =>
      block.name === "profile" ? { ...block, text: "Theirs", version: 9 } : block,
    );
    await page.getByRole("button", { name: "Save", exact: true }).tap();
    await page.getByRole("alert").getByText("Theirs").waitFor();
    await shoot(page, "memory-conflict-phone");
    await page.getByRole("button", { name: "Save mine over it" }).tap();
    await expect.poll(() => fixture.world.blocks.find(({ name }) => name === "profile")?.text).toBe("Mine");
  });

  it("searches memory, tells why, and forgets after showing what goes", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/memory`);
    const { page } = opened;
    await page.getByRole("searchbox", { name: "Search memory" }).fill("car tonight");
    await page.getByRole("list", { name: "Results" }).getByText("Meaning").first().waitFor();
    await shoot(page, "memory-search-desktop");
    await page.getByRole("button", { name: "Forget…" }).first().click();
    const sheet = page.getByRole("alertdialog");
    await sheet.getByText("vectors").waitFor();
    const before = fixture.world.notes.length;
    await sheet.getByRole("button", { name: "Forget for good" }).click();
    await expect.poll(() => fixture.world.notes.length).toBe(before - 1);
  });

  it("adds a server in two steps: looked at first, then with the owner's word", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/tools`, { size: "phone" });
    const { page } = opened;
    await page.getByRole("button", { name: "Add a server" }).tap();
    await page.getByLabel(/Paste a command/).fill("npx -y @example/mcp-calendar --tz Europe/Lisbon");
    await page.getByRole("button", { name: "Look at it" }).tap();
    await page.getByText("Will run exactly").waitFor();
    expect(fixture.world.servers).toHaveLength(2);
    await page.getByRole("textbox", { name: "Folder" }).fill("/srv/calendar");
    await page.getByRole("button", { name: "Grant" }).tap();
    expect(await overflowing(page)).toEqual([]);
    await shoot(page, "tools-consent-phone");
    await page.getByRole("button", { name: "Install and start" }).tap();
    await page.getByRole("heading", { level: 1, name: "calendar" }).waitFor();
    expect(fixture.world.servers[2]?.folders).toEqual([{ path: "/srv/calendar", writable: false }]);
  });

  it("holds a changed definition back until it is accepted, and tries a tool by its form", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/tools/${fixture.world.servers[0]?.id}`);
    const { page } = opened;
    await page.getByText("Always include the last ten messages").waitFor();
    await page.getByRole("button", { name: "Keep it out" }).click();
    await page.getByText("kept out").waitFor();
    await page.getByLabel("path, required").fill("a.txt");
    await page.getByLabel("head").fill("3");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText('files__read_text_file was called with {"path":"a.txt","head":3}').waitFor();
  });

  it("switches the model without a reload", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/models`);
    await opened.page.getByRole("button", { name: "Use it" }).first().click();
    await expect.poll(() => fixture.world.models.find(({ selected }) => selected)?.id).toBe("ollama:qwen3");
    await opened.page.getByRole("link", { name: "Chat", exact: true }).click();
    await opened.page.getByRole("link", { name: /Qwen3/ }).waitFor();
    expect(await opened.page.getByText("Demo model.").count()).toBe(0);
  });
});

describe("with the keyboard alone", () => {
  it("keeps the focus inside of a sheet and gives it back", async () => {
    await using fixture = await startFixture();
    await using opened = await openPage(browser, `${fixture.url}/tools`);
    const { page } = opened;
    const add = page.getByRole("button", { name: "Add a server" });
    await add.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press("Tab");
      // On its way round the focus passes the browser's own frame: nothing of the page behind may hold it.
      const outside = await page.evaluate(() =>
        document.activeElement?.matches(":is(button, a, input, textarea):not([role=dialog] *)"),
      );
      expect(outside).toBe(false);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => add.evaluate((node) => node === document.activeElement)).toBe(true);
  });

  it("names every control", async () => {
    await using fixture = await startFixture();
    for (const path of [
      "/",
      "/approvals",
      "/wallet",
      "/memory",
      `/tools/${fixture.world.servers[0]?.id}`,
      "/models",
      "/activity",
      "/settings",
    ]) {
      await using opened = await openPage(browser, fixture.url + path);
      await opened.page.waitForLoadState("networkidle");
      const nameless = await opened.page.evaluate(() =>
        [...document.querySelectorAll("button, a[href], input, select, textarea")]
          .filter((node) => {
            const labels =
              node instanceof HTMLInputElement ||
              node instanceof HTMLSelectElement ||
              node instanceof HTMLTextAreaElement
                ? [...(node.labels ?? [])]
                : [];
            const text = [
              node.getAttribute("aria-label"),
              node.textContent,
              ...labels.map((label) => label.textContent),
            ].join("");
            return text.trim() === "";
          })
          .map((node) => node.outerHTML.slice(0, 120)),
      );
      expect(nameless).toEqual([]);
    }
  });
});

it("says so when the agent is gone, and goes on when it is back", async () => {
  await using fixture = await startFixture();
  await using opened = await openPage(browser, `${fixture.url}/wallet`);
  await opened.page.getByText("Journal").first().waitFor();
  await opened.context.setOffline(true);
  await opened.page.getByText("This device is offline.").waitFor();
  await opened.page.getByText("Journal").first().waitFor();
  await opened.context.setOffline(false);
  await opened.page.getByText("This device is offline.").waitFor({ state: "detached" });
});
