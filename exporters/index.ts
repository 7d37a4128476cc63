export { FemtoInMemoryExporter } from "./in-memory/in-memory-exporter.ts";
