/** From most to least trusted. */
export const integrityLevels = ["owner", "system", "vetted", "untrusted"] as const;
export type Integrity = (typeof integrityLevels)[number];

/** From least to most confidential. */
export const confidentialityLevels = ["public", "private", "secret"] as const;
export type Confidentiality = (typeof confidentialityLevels)[number];

/**
 * Provenance of a message, tool result, memory row or file.
 * `origins` names where the text came from: `owner`, `assistant`, `tool:<server>`, `web:<host>`, `peer:<id>`, `import`.
 */
export interface Labels {
  readonly integrity: Integrity;
  readonly confidentiality: Confidentiality;
  readonly origins: readonly string[];
}

export const ownerLabels: Labels = { integrity: "owner", confidentiality: "private", origins: ["owner"] };
export const systemLabels: Labels = { integrity: "system", confidentiality: "public", origins: ["system"] };

/** The label of a context or of anything derived: the least trust and the most confidentiality of what went in. */
export function joinLabels(all: readonly Labels[]): Labels {
  let integrity = 0;
  let confidentiality = 0;
  const origins = new Set<string>();
  for (const labels of all) {
    integrity = Math.max(integrity, integrityLevels.indexOf(labels.integrity));
    confidentiality = Math.max(confidentiality, confidentialityLevels.indexOf(labels.confidentiality));
    for (const origin of labels.origins) origins.add(origin);
  }
  return {
    integrity: integrityLevels[integrity] ?? "untrusted",
    confidentiality: confidentialityLevels[confidentiality] ?? "secret",
    origins: [...origins].sort(),
  };
}
