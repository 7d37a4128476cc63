export { FemtoInMemoryExporter } from "./in-memory/in-memory-exporter.ts";
export { FemtoSocketExporter, type SocketExporterOptions } from "./socket/socket-exporter.ts";
