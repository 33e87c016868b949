import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { createWorld, errand, startServer } from "./test-world.ts";

/** Every form in which an address in the house, of this machine or of a cloud's metadata service is smuggled in. */
const evil = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://127.0.1/",
  "http://0177.0.0.1/",
  "http://0x7f.0.0.1/",
  "http://0x7f000001/",
  "http://2130706433/",
  "http://017700000001/",
  "http://127.000.000.001/",
  "http://127.0.0.1./",
  "http://0/",
  "http://0.0.0.0/",
  "http://00000000/",
  "http://1②7.0.0.1/",
  "http://①②⑦.⓪.⓪.①/",
  "http://１２７．０．０．１/",
  "http://127。0。0。1/",
  "http://%31%32%37.0.0.1/",
  "http://localhost/",
  "http://LOCALHOST/",
  "http://localhost./",
  "http://foo.localhost/",
  "http://ⓛocalhost/",
  "http://localhost.localdomain/",
  "http://printer.local/",
  "http://nas.lan/",
  "http://router.home.arpa/",
  "http://vault.internal/",
  "http://metadata.google.internal/computeMetadata/v1/",
  "http://wiki.intranet/",
  "http://service.onion/",
  "http://postgres/",
  "http://signer:7720/",
  "http://10.0.0.1/",
  "http://10.1/",
  "http://0xa000001/",
  "http://172.16.0.1/",
  "http://192.168.0.1/",
  "http://3232235521/",
  "http://100.64.0.1/",
  "http://198.18.0.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://169.254.43518/",
  "http://0xa9fea9fe/",
  "http://2852039166/",
  "http://0251.0376.0251.0376/",
  "http://169.254.170.2/v2/credentials",
  "http://100.100.100.200/",
  "http://192.0.0.192/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://[::1]/",
  "http://[::]/",
  "http://[0:0:0:0:0:0:0:1]/",
  "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::ffff:169.254.169.254]/",
  "http://[::ffff:0:127.0.0.1]/",
  "http://[::127.0.0.1]/",
  "http://[64:ff9b::127.0.0.1]/",
  "http://[64:ff9b::a9fe:a9fe]/",
  "http://[64:ff9b:1::1]/",
  "http://[2002:7f00:1::]/",
  "http://[2001:0:53aa:64c::1]/",
  "http://[fd00:ec2::254]/",
  "http://[fc00::1]/",
  "http://[fe80::1]/",
  "http://[fec0::1]/",
  "http://[ff02::1]/",
  "http://[5f00::1]/",
  "https://127.0.0.1/",
  "https://[::1]:8443/",
];

/** Not addresses that a request may have at all. */
const malformed = [
  "file:///etc/passwd",
  "ftp://example.com/",
  "gopher://127.0.0.1:70/_",
  "data:text/plain,hello",
  "javascript:alert(1)",
  "blob:https://example.com/1",
  "ws://example.com/",
  "http://user:password@example.com/",
  "http://example.com@127.0.0.1/",
  "http://127.0.0.1:80#@example.com:x@y/",
  "http://[fe80::1%25eth0]/",
  "http://1.2.3.4.5/",
  "http://0x100000000/",
  "http://exa mple.com/",
  "http:///",
  "//example.com/",
  "",
];

describe("the SSRF guard of open()", () => {
  it("has at least 60 addresses to refuse", () => {
    expect(new Set([...evil, ...malformed]).size).toBeGreaterThanOrEqual(60);
  });

  it.each(evil)("refuses %s without opening a connection", async (url) => {
    verifies("security.door.private-refused");
    await using world = createWorld();
    await expect(world.door.open(errand)(url)).rejects.toMatchObject({ code: "EGRESS_PRIVATE_ADDRESS" });
    expect(world.dialled).toEqual([]);
    expect(world.rows).toMatchObject([{ outcome: "refused", status: null, bytesOut: 0, bytesIn: 0 }]);
  });

  it.each(malformed)("does not take %s for an address", async (url) => {
    await using world = createWorld();
    await expect(world.door.open(errand)(url)).rejects.toMatchObject({
      code: expect.stringMatching(/^EGRESS_(ADDRESS_INVALID|PRIVATE_ADDRESS)$/),
    });
    expect(world.dialled).toEqual([]);
  });

  it.each([
    ["10.0.0.8"],
    ["127.0.0.1"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:10.0.0.8"],
    ["fd12::1"],
    ["93.184.216.34", "10.0.0.8"],
    ["2606:4700::1", "::1"],
  ])("refuses a public name that resolves to %s %s", async (...answers) => {
    verifies("security.door.resolved-checked");
    await using world = createWorld({ resolver: async () => answers });
    await expect(world.door.open(errand)("http://shop.example/")).rejects.toMatchObject({
      code: "EGRESS_PRIVATE_ADDRESS",
    });
    expect(world.dialled).toEqual([]);
  });

  it("connects to the address that was checked, whatever the name says a moment later", async () => {
    verifies("security.door.address-pinned");
    await using server = await startServer((_request, response) => response.end("public page"));
    const answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    await using world = createWorld({ resolver: async () => answers[asked++] ?? [] });
    const response = await world.door.open(errand)(`http://rebind.example:${server.port}/`);
    expect(await response.text()).toBe("public page");
    expect(asked).toBe(1);
    expect(world.dialled).toEqual([["93.184.216.34"]]);
  });

  it("refuses when a later connection finds the name turned private", async () => {
    verifies("security.door.resolved-checked");
    await using server = await startServer((_request, response) => {
      response.setHeader("connection", "close");
      response.end("public page");
    });
    const answers = [["93.184.216.34"], ["127.0.0.1"]];
    let asked = 0;
    await using world = createWorld({ resolver: async () => answers[asked++] ?? [] });
    const fetch = world.door.open(errand);
    await (await fetch(`http://rebind.example:${server.port}/`)).text();
    await expect(fetch(`http://rebind.example:${server.port}/`)).rejects.toMatchObject({
      code: "EGRESS_PRIVATE_ADDRESS",
    });
    expect(server.requests).toHaveLength(1);
  });

  it("reaches a private origin that the owner listed, and no other port of the same host", async () => {
    verifies("security.door.listed-exact");
    await using server = await startServer((_request, response) => response.end("demo seller"));
    await using other = await startServer((_request, response) => response.end("database"));
    await using world = createWorld();
    world.settings.listed.push(server.origin);
    expect(await (await world.door.open(errand)(`${server.origin}/price`)).text()).toBe("demo seller");
    await expect(world.door.open(errand)(other.origin)).rejects.toMatchObject({ code: "EGRESS_PRIVATE_ADDRESS" });
    expect(other.requests).toEqual([]);
  });

  it("never reaches a metadata service, not even one that the owner listed", async () => {
    await using world = createWorld();
    world.settings.listed.push("http://169.254.169.254");
    await expect(world.door.open(errand)("http://169.254.169.254/")).rejects.toMatchObject({
      code: "EGRESS_PRIVATE_ADDRESS",
    });
  });
});
