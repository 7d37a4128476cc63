import { PROCESSOR_OPTIONS } from "./processor-options.ts";

/** What `FemtoNullHandler` takes: there is nothing to say about what it does. */
export const NULL_HANDLER_OPTIONS: { readonly name: typeof PROCESSOR_OPTIONS.name } = {
  name: PROCESSOR_OPTIONS.name,
};
