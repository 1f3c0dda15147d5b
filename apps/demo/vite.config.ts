// Builds the workbench as static files that work from any folder of a server.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: { target: "es2022" },
  worker: { format: "es" },
});
