import { defineErrors } from "@freehold/core";

const server = (data: Readonly<Record<string, unknown>>): string => `The tool server ${String(data["slug"])}`;

export const toolsErrors = defineErrors({
  SANDBOX_MISSING: {
    status: 503,
    message: (data) =>
      `Tool servers run in a sandbox, and ${String(data["program"])} is not usable here: ${String(data["install"])}.`,
    next: "Install what is missing and restart the server, or register it again and say that it may run without a sandbox.",
  },
  TOOL_COMMAND_INVALID: {
    status: 400,
    message: (data) => `This command cannot be registered: ${String(data["problem"])}.`,
    next: "Write the program and its arguments, for example: npx -y @modelcontextprotocol/server-filesystem /home/me/notes",
  },
  TOOL_PROGRAM_MISSING: {
    status: 400,
    message: (data) => `The program ${String(data["program"])} was not found on this machine.`,
    next: "Install the program, or write its absolute path.",
  },
  TOOL_INSTALLER_MISSING: {
    status: 503,
    message: (data) => `${String(data["program"])} is needed for this server and was not found.`,
    next: "Install Node.js with npm for npx servers, or uv for uvx servers, then propose the server again.",
  },
  TOOL_INSTALLER_UNSUPPORTED: {
    status: 400,
    message: (data) => `Servers started by ${String(data["program"])} cannot be pinned and installed yet.`,
    next: "Install the server yourself and register its program by the absolute path.",
  },
  TOOL_PACKAGE_NOT_FOUND: {
    status: 400,
    message: (data) => `The package ${String(data["package"])} was not found: ${String(data["problem"])}.`,
    next: "Check the package's name and version, and that this machine is online.",
  },
  TOOL_INSTALL_FAILED: {
    status: 502,
    message: (data) => `${String(data["package"])} could not be installed: ${String(data["problem"])}.`,
    next: "Check the disk and the connection, then register the server again; nothing of it was kept.",
  },
  TOOL_INSTALL_INTEGRITY: {
    status: 502,
    message: (data) => `What the registry sent for ${String(data["package"])} is not what you agreed to.`,
    next: "Propose the server again and compare the integrity hashes; nothing of it was kept.",
  },
  TOOL_INSTALL_REFUSED: {
    status: 403,
    message: "Local only is on, so no package was fetched.",
    next: "Switch local only off on the Activity page to install a server, then on again.",
  },
  TOOL_CONFIG_INVALID: {
    status: 400,
    message: (data) => `This configuration cannot be read: ${String(data["problem"])}.`,
    next: "Paste the JSON of a Claude Desktop or VS Code configuration, with its mcpServers or servers object.",
  },
  TOOL_FOLDER_INVALID: {
    status: 400,
    message: (data) => `The folder ${String(data["path"])} cannot be granted: ${String(data["problem"])}.`,
    next: "Choose an existing folder by its absolute path; at most one may be writable.",
  },
  TOOL_NETWORK_UNSUPPORTED: {
    status: 400,
    message: "Tool servers in a sandbox have no network yet.",
    next: "Register the server without a network list, or use one that is reached by its address.",
  },
  TOOL_SLUG_TAKEN: {
    status: 409,
    message: (data) => `There is a tool server named ${String(data["slug"])} already.`,
    next: "Choose another short name, or remove the other server first.",
  },
  TOOL_SERVER_NOT_FOUND: {
    status: 404,
    message: "There is no such tool server.",
    next: "Reload the Tools page.",
  },
  TOOL_SERVER_DISABLED: {
    status: 409,
    message: (data) => `${server(data)} is switched off.`,
    next: "Switch it on on the Tools page.",
  },
  TOOL_SERVER_START: {
    status: 502,
    message: (data) => `${server(data)} did not start: ${String(data["problem"])}.`,
    next: "Read its log on the Tools page, then correct the command or restart it.",
  },
  TOOL_SERVER_SILENT: {
    status: 504,
    message: (data) => `${server(data)} did not answer within ${String(data["ms"])} ms.`,
    next: "Read its log on the Tools page, then restart it.",
  },
  TOOL_SERVER_FLOOD: {
    status: 502,
    message: (data) => `${server(data)} was stopped: it sent ${String(data["problem"])}.`,
    next: "Read its log on the Tools page; remove the server if this happens again.",
  },
  TOOL_SERVER_LOST: {
    status: 502,
    message: (data) => `${server(data)} ended by itself${String(data["problem"])}.`,
    next: "It is started again by itself a few times; read its log on the Tools page.",
  },
  TOOL_SERVER_LIST: {
    status: 502,
    message: (data) => `${server(data)} sent a list of tools that cannot be used: ${String(data["problem"])}.`,
    next: "Tell the server's author, or install another version.",
  },
  TOOL_RUNNER_DOWN: {
    status: 503,
    message: (data) => `The tool runner did not take the server: ${String(data["problem"])}.`,
    next: "Check that the tool-runner container is up and shares its socket volume with the agent.",
  },
  TOOL_DEFINITION_NOT_FOUND: {
    status: 404,
    message: (data) => `The server does not offer ${String(data["name"])} with this definition any more.`,
    next: "Reload the Tools page and look at what it offers now.",
  },
  TOOL_DEFINITION_UNUSABLE: {
    status: 409,
    message: (data) => `${String(data["name"])} cannot be approved: ${String(data["problem"])}.`,
    next: "Tell the server's author, or install another version.",
  },
  TOOL_NOT_FOUND: {
    status: 404,
    message: (data) => `There is no usable tool named ${String(data["name"])}.`,
    next: "Check on the Tools page that its server is on and the tool is approved.",
  },
});
