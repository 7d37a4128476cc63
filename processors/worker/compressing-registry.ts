export { compressFiles, troubleOf } from "../../exporters/rotating/compress-files.ts";
export type { Compressing, CompressJob } from "../../exporters/rotating/compressing.ts";
