export { compressFiles } from "../../exporters/rotating/compress-files.ts";
export type { Compressing, CompressJob } from "../../exporters/rotating/compressing.ts";
