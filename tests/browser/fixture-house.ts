import type { RouteName } from "@freehold/contract";
import { found, ok, refuse, type Some } from "./fixture-answers.ts";
import { ago, asset, labels, newId, payee, type World } from "./fixture-world.ts";

export function tools(world: World): Some<Extract<RouteName, `tools.${string}` | `servers.${string}`>> {
  const sandbox = { kind: "bubblewrap", available: true, hint: null } as const;
  const change = (id: string, update: (server: World["servers"][number]) => World["servers"][number]) => {
    const at = world.servers.findIndex((server) => server.id === id);
    return (world.servers[at] = update(found(world.servers[at])));
  };
  return {
    "tools.list": () => ({ builtins: world.builtins, servers: world.servers, sandbox }),
    "tools.try": ({ body }) => ({
      status: "ok",
      text: `${body.name} was called with ${JSON.stringify(body.arguments)}`,
      durationMs: 212,
    }),
    "servers.propose": ({ body }) => {
      if ("command" in body && body.command.startsWith("rm"))
        throw refuse(400, "COMMAND_UNKNOWN", "rm is no tool server.", "Paste the command from the server's own page.");
      const transport =
        "url" in body
          ? { kind: "http" as const, url: body.url }
          : {
              kind: "stdio" as const,
              command: ["npx", "-y", "@example/mcp-calendar", "--tz", "Europe/Lisbon"],
              package: {
                name: "@example/mcp-calendar",
                version: "2.4.1",
                integrity: "sha512-41c9aaaabbbbccccdddde07b",
              },
            };
      return {
        proposals: [
          {
            slug: "calendar",
            transport,
            environment: "config" in body ? ["CALENDAR_TOKEN"] : [],
            sandbox,
            warnings: ["It was published 3 days ago."],
          },
        ],
      };
    },
    "servers.register": ({ body }) => {
      const transport =
        body.transport.kind === "http" ? body.transport : { ...body.transport, resolved: body.transport.command };
      const made: World["servers"][number] = {
        ...found(world.servers[0]),
        id: newId(),
        slug: body.slug,
        title: body.slug,
        transport,
        state: "installing",
        folders: body.folders,
        tools: [],
        vetted: body.vetted,
      };
      world.servers.push(made);
      return made;
    },
    "servers.get": ({ params }) => found(world.servers.find(({ id }) => id === params.id)),
    "servers.update": ({ params, body }) =>
      change(params.id, (server) => ({
        ...server,
        ...(body.enabled === undefined ? {} : { enabled: body.enabled }),
        ...(body.vetted === undefined ? {} : { vetted: body.vetted }),
      })),
    "servers.restart": ({ params }) => change(params.id, (server) => ({ ...server, state: "ready", error: null })),
    "servers.decide": ({ params, body }) =>
      change(params.id, (server) => ({
        ...server,
        tools: server.tools.map((tool) =>
          tool.offered?.hash === body.hash
            ? {
                ...tool,
                state: body.decision === "approve" ? ("approved" as const) : ("rejected" as const),
                approved: body.decision === "approve" ? tool.offered : tool.approved,
                offered: null,
              }
            : tool,
        ),
      })),
    "servers.logs": () => ({
      lines: [
        "14:01:07 search_documents 3 results 212 ms",
        "13:58:40 get_document 412 1 page 61 ms",
        "08:00:00 started in 38 ms",
      ],
    }),
    "servers.remove": ({ params }) => {
      world.servers = world.servers.filter(({ id }) => id !== params.id);
      return ok;
    },
  };
}

export function house(
  world: World,
): Some<
  Extract<RouteName, `wallet.${string}` | `models.${string}` | `activity.${string}` | `halt.${string}` | "doctor.get">
> {
  const money = (units: string) => ({ asset, units });
  return {
    "wallet.get": () => ({
      signer: { state: "ready", message: null, next: null },
      accounts: [
        {
          rail: "x402",
          network: "eip155:84532",
          address: "0x9d1ca8e0b5d1f2c3a4958677e8d9c0b1a2f3aa07",
          balance: money("12400000"),
        },
      ],
      assets: [{ asset, symbol: "USDC", decimals: 6, network: "Base Sepolia (local demo chain)", test: true }],
      budgets: world.budgets,
      ceilings: [{ asset, perPayment: "1000000", perDay: "10000000" }],
      perPayment: [money("500000")],
      spending: world.stopped ? { state: "stopped", reason: "You stopped it." } : { state: "open", reason: null },
      payees: [{ payee, origin: "http://127.0.0.1:4021", approvedAt: ago(700) }],
    }),
    "wallet.journal": () => ({ entries: world.journal, next: null }),
    "wallet.spending": () => ({
      byDay:
        world.journal.length === 0
          ? []
          : Array.from({ length: 14 }, (_, index) => ({
              day: ago((13 - index) * 1440).slice(0, 10),
              amount: money(String(((index * 7919) % 13) * 210_000)),
            })),
      byPayee:
        world.journal.length === 0
          ? []
          : [
              { payee, origin: "https://papers.example", amount: money("11200000"), payments: 32 },
              { payee, origin: "https://grid-price.example", amount: money("2760000"), payments: 690 },
            ],
    }),
    "wallet.receipt": ({ params }) => ({
      version: 1,
      receipt: found(world.journal.find(({ intentId }) => intentId === params.id)),
      quote: { maxAmountRequired: "10000" },
      decision: { by: "owner" },
      authorization: { nonce: "0x01" },
      settlement: { transaction: "0x5be1" },
    }),
    "wallet.budget": ({ params, body }) => {
      const at = world.budgets.findIndex(({ id }) => id === params.id);
      return (world.budgets[at] = { ...found(world.budgets[at]), cap: body.cap });
    },
    "wallet.stop": () => {
      world.stopped = true;
      return ok;
    },
    "wallet.resume": () => {
      world.stopped = false;
      return ok;
    },
    "wallet.unlock": () => ok,
    "wallet.faucet": () => ok,
    "wallet.payees.remove": () => ok,
    "models.list": () => ({
      models: world.models,
      providers: [
        {
          provider: "ollama",
          address: "http://127.0.0.1:11434",
          state: "failed",
          message: "Nothing listens there.",
          next: "Start Ollama, then press Look again.",
        },
        { provider: "demo", address: null, state: "ready", message: null, next: null },
      ],
      examples: [
        { label: "Remember that the bins go out on Thursday", prompt: "Remember that the bins go out on Thursday" },
        { label: "What time is it in Lisbon?", prompt: "What time is it in Lisbon?" },
        { label: "Buy a joke for 0.01 test USDC", prompt: "Please pay the joke seller 0.01 test USDC for one joke" },
      ],
      hardware: { cpu: "AMD Ryzen 5 5600G", cores: 6, memoryBytes: 64_000_000_000, freeDiskBytes: 357_000_000_000 },
      embedder: null,
    }),
    "models.select": ({ body }) => {
      world.models = world.models.map((model) => ({ ...model, selected: model.id === body.id }));
      return found(world.models.find(({ selected }) => selected));
    },
    "activity.ledger": () => ({
      rows: world.journal.slice(0, 6).map((receipt, index) => ({
        id: receipt.intentId,
        at: receipt.at,
        who: index % 2 === 0 ? "http_request" : "files",
        why: index === 2 ? "host was never granted to this server" : "half-hour prices, your question at 14:01",
        runId: null,
        host: index === 0 ? "a-very-long-host-name-that-goes-on-and-on.grid-price.example" : "grid-price.example",
        method: "GET",
        status: index === 2 ? null : 200,
        bytesOut: 1200 * index,
        bytesIn: 6800 * (index + 1),
        cost: index === 0 ? receipt.amount : null,
        outcome: index === 2 ? "refused" : "ok",
        problem: index === 2 ? "DOOR_HOST_NOT_LISTED" : null,
        labels: index % 2 === 0 ? labels.vetted : labels.owner,
      })),
      next: null,
      byHost:
        world.journal.length === 0
          ? []
          : [
              { host: "registry.ollama.ai", requests: 3, bytesOut: 94_000, bytesIn: 8_900_000_000 },
              { host: "grid-price.example", requests: 41, bytesOut: 51_000, bytesIn: 280_000 },
            ],
      localOnly: world.localOnly,
      listedOrigins: ["http://127.0.0.1:4021"],
    }),
    "activity.local-only": ({ body }) => {
      world.localOnly = body.on;
      return ok;
    },
    "activity.sovereignty": () => ({
      layers: [
        { layer: "Hardware", runsOn: "One home server, 64 GB", canBeStoppedBy: "Nobody but you", owned: true },
        {
          layer: "Weights",
          runsOn: "Demo model, a file on your disk",
          canBeStoppedBy: "Nobody: the licence cannot be taken back",
          owned: true,
        },
        {
          layer: "Money",
          runsOn: "USDC on a local chain",
          canBeStoppedBy: "On a real chain its issuer can freeze an address",
          owned: false,
        },
      ],
    }),
    "halt.get": () => ({ halted: world.halted }),
    "halt.set": ({ body }) => {
      world.halted = body.halted;
      return { halted: world.halted };
    },
    "doctor.get": () => ({
      checks: [
        { id: "sandbox", title: "Sandbox", state: "ok", message: "bubblewrap 0.8.0", next: "" },
        {
          id: "fsync",
          title: "Database",
          state: "warning",
          message: "The embedded database survives a crash, not a power cut.",
          next: "Use Postgres: see the guide.",
        },
        { id: "disk", title: "Disk", state: "failed", message: "1 % free.", next: "Free some space." },
      ],
    }),
  };
}
