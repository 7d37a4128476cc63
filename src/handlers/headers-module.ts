import type { HeadersModule } from "../options/headers-module-options.ts";
import { moduleUrl } from "./module-url.ts";

/** The option `headersModule`, as the handler's thread is told. */
export function headersModuleOf(
  given: HeadersModule | undefined,
): { readonly module: string; readonly options: unknown } | undefined {
  return given === undefined ? undefined : { module: moduleUrl(given.module), options: given.options };
}
