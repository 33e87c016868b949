export type { ModelCatalogue } from "./catalogue/catalogue.ts";
export { createModelCatalogue, type ModelCatalogueOptions, type ModelsConfig } from "./catalogue/create.ts";
export type { ExamplePrompt, ModelInfo, ProviderName, ProviderState } from "./describe.ts";
export { modelsErrors } from "./errors.ts";
export { modelsMigrations } from "./migrations.ts";
