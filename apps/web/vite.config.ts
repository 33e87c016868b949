import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Lays a `.gz` beside every script and style sheet, so that the agent serves it as it lies (`preCompressed`). */
function compressed(): Plugin {
  return {
    name: "freehold:compressed",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const [fileName, output] of Object.entries(bundle)) {
        if (!/\.(js|css)$/.test(fileName)) continue;
        const source = gzipSync(output.type === "chunk" ? output.code : output.source, { level: 9 });
        this.emitFile({ type: "asset", fileName: `${fileName}.gz`, source });
      }
    },
  };
}

/** The manifest tells the bench which files stand between the address bar and a chat that can be typed in. */
export default defineConfig({
  plugins: [react(), tailwindcss(), compressed()],
  build: {
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
});
