import { defineErrors } from "@freehold/core";

export const egressErrors = defineErrors({
  EGRESS_ADDRESS_INVALID: {
    status: 400,
    message: (data) => `"${String(data["url"])}" is not an address that can be reached: ${String(data["problem"])}.`,
    next: "Use an http or https address without a user name or password in it.",
  },
  EGRESS_PRIVATE_ADDRESS: {
    status: 403,
    message: (data) => `${String(data["host"])} leads to ${String(data["address"])}, which is not a public address.`,
    next: "If this is a service of yours, add its exact origin to the listed origins on the Activity page.",
  },
  EGRESS_ORIGIN_REFUSED: {
    status: 403,
    message: (data) =>
      `${String(data["who"])} may reach ${String(data["allowed"])} only, not ${String(data["origin"])}.`,
    next: "Check the address in the settings of this connection.",
  },
  EGRESS_LOCAL_ONLY: {
    status: 403,
    message: (data) => `Local only is on, so ${String(data["host"])} was not contacted.`,
    next: "Switch local only off on the Activity page if this should leave the house.",
  },
  EGRESS_REDIRECT: {
    status: 502,
    message: (data) => `${String(data["origin"])} redirects, and that was not followed: ${String(data["problem"])}.`,
    next: "Use the final address directly if you trust it.",
  },
  EGRESS_TOO_LARGE: {
    status: 502,
    message: (data) =>
      `${String(data["origin"])} sent more than ${String(data["limit"])} bytes, so the answer was cut off.`,
    next: "Ask for a smaller part of it, or raise the size limit of the door.",
  },
  EGRESS_TIMEOUT: {
    status: 504,
    message: (data) => `${String(data["origin"])} did not ${String(data["phase"])} within ${String(data["ms"])} ms.`,
    next: "Check that the service runs and is not overloaded, then try again.",
  },
  EGRESS_UNREACHABLE: {
    status: 502,
    message: (data) => `${String(data["origin"])} could not be reached: ${String(data["problem"])}.`,
    next: "Check the address, and that the service runs and this machine is online.",
  },
  EGRESS_SECRET_UNBOUND: {
    status: 403,
    message: (data) => `The secret "${String(data["name"])}" is not meant for ${String(data["origin"])}.`,
    next: "Store the secret for exactly this origin, or correct the address.",
  },
  EGRESS_SECRET_INVALID: {
    status: 400,
    message: (data) => `The secret "${String(data["name"])}" cannot be stored: ${String(data["problem"])}.`,
    next: "Give it a name of letters, digits, dots, dashes or underscores, and the origin that it is for.",
  },
  EGRESS_DOOR_DOWN: {
    status: 503,
    message: (data) => `The egress door did not take the request: ${String(data["problem"])}.`,
    next: "Check that the egress container is up and that both sides read the same token file.",
  },
});
