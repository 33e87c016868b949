import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import { verifies } from "@freehold/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, errand } from "./test-world.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function certificateFor(name: string): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return { cert: certificate.toString("pem"), key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n` };
}

describe("https", () => {
  const before = getCACertificates("default");
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    const certificate = await certificateFor("shop.example");
    setDefaultCACertificates([certificate.cert]);
    server = createServer(certificate, (request, response) => {
      if (request.url === "/moved") response.writeHead(302, { location: "http://shop.example/" });
      response.end(`for ${request.headers.host ?? ""}`);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => {
    setDefaultCACertificates(before);
    server.close();
    server.closeAllConnections();
  });

  it("goes to the checked address and asks for the certificate of the name", async () => {
    await using world = createWorld();
    const response = await world.door.open(errand)(`https://shop.example:${port}/`);
    expect(await response.text()).toBe(`for shop.example:${port}`);
    expect(world.dialled).toEqual([["93.184.216.34"]]);
    expect(world.rows).toMatchObject([{ scheme: "https", outcome: "ok" }]);
  });

  it("refuses a certificate for another name", async () => {
    verifies("security.door.certificate");
    await using world = createWorld();
    await expect(world.door.open(errand)(`https://other.example:${port}/`)).rejects.toMatchObject({
      code: "EGRESS_UNREACHABLE",
      message: expect.stringContaining("other.example"),
    });
    expect(world.rows).toMatchObject([{ outcome: "failed", status: null }]);
  });

  it("is not left for plain http by a redirect", async () => {
    await using world = createWorld();
    await expect(world.door.open(errand)(`https://shop.example:${port}/moved`)).rejects.toMatchObject({
      code: "EGRESS_REDIRECT",
    });
  });
});
