/** The URL of a module that a thread shall load, from what `ExporterModule` and `RecordMapper` take: absolute. */
export function moduleUrl(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return module.startsWith("/") ? new URL(`file://${encodeURI(module)}`).href : module;
}
